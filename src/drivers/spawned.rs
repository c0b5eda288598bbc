//! Tasks on several cores: what a runtime adds to bounded concurrency.

use core::{
    fmt,
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};
use std::panic::resume_unwind;

use tokio::task::JoinHandle;

/// Gives a future that spawns `future` on tokio's runtime when it is first polled, and gives its output.
///
/// By themselves, the futures of [`limited_as_completed`](crate::limited_as_completed) and its variants run in the task
/// that polls them, on one core. That is right for work that waits. For work that needs several cores, map `spawned`
/// over the futures: each one is then a task of its own, under the same limit. This costs an allocation and two
/// wake-ups for each task.
///
/// - **Dropped**: aborts the task. The runtime drops it soon after, at the `await` where it is or the next one that it
///   reaches; work without an `await` runs to its end. Before the first poll nothing has been spawned.
/// - **Panics**: when polled: with the task's own panic; outside of a tokio runtime; if the runtime is shut down before
///   the task is done; after it is done.
/// - **Like**: `tokio::spawn`, but lazy, and aborted on drop as in `tokio::task::JoinSet`.
///
/// ```
/// use futures::StreamExt;
/// use transducer::prelude::*;
///
/// let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// let squares = limited_in_order((1..=4u64).map(|x| spawned(async move { x * x })), 2);
/// assert_eq!(runtime.block_on(squares.collect::<Vec<_>>()), [1, 4, 9, 16]);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn spawned<F>(future: F) -> Spawned<F>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    Spawned { task: Task::New(future) }
}

/// The future of [`spawned`].
#[must_use = "futures do nothing unless polled"]
pub struct Spawned<F: Future> {
    task: Task<F>,
}

enum Task<F: Future> {
    New(F),
    Running(JoinHandle<F::Output>),
    Done,
}

// The future is not pinned here, but where it is spawned.
impl<F: Future> Unpin for Spawned<F> {}

impl<F> Future for Spawned<F>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        if let Task::New(_) = self.task {
            if let Task::New(future) = mem::replace(&mut self.task, Task::Done) {
                self.task = Task::Running(tokio::spawn(future));
            }
        }
        let Task::Running(handle) = &mut self.task else { panic!("`Spawned` was polled after it was done") };
        let joined = ready!(Pin::new(handle).poll(context));
        self.task = Task::Done;
        Poll::Ready(joined.unwrap_or_else(|error| match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(error) => panic!("the runtime was shut down before the task was done: {error}"),
        }))
    }
}

impl<F: Future> Drop for Spawned<F> {
    fn drop(&mut self) {
        if let Task::Running(handle) = &self.task {
            handle.abort();
        }
    }
}

impl<F: Future> fmt::Debug for Spawned<F> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let task = match self.task {
            Task::New(_) => "new",
            Task::Running(_) => "running",
            Task::Done => "done",
        };
        out.debug_struct("Spawned").field("task", &task).finish()
    }
}
