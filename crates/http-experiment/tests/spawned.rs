//! Spawned tasks on a runtime with several threads, which is what they are for.

use std::sync::{Arc, Barrier};

use futures::StreamExt;
use tokio::runtime::Builder;
use transducer::{limited_as_completed, limited_in_order, spawned};

#[test]
fn spawned_tasks_run_at_the_same_time_on_several_threads() {
    let runtime = Builder::new_multi_thread().worker_threads(2).build().unwrap();
    // Each of two tasks blocks its thread until the other has come: on one thread this would never end.
    let meeting = Arc::new(Barrier::new(2));
    let tasks = (0..10).map(|number| {
        let meeting = Arc::clone(&meeting);
        spawned(async move {
            meeting.wait();
            number
        })
    });
    let mut numbers: Vec<u32> = runtime.block_on(limited_as_completed(tasks, 2).collect());
    numbers.sort_unstable();
    assert_eq!(numbers, (0..10).collect::<Vec<_>>());
}

#[test]
fn many_spawned_tasks_on_several_threads_keep_their_order() {
    let runtime = Builder::new_multi_thread().worker_threads(4).build().unwrap();
    let tasks = (0..20_000u64).map(|number| {
        spawned(async move {
            if number % 3 == 0 {
                tokio::task::yield_now().await;
            }
            number
        })
    });
    let numbers = runtime.block_on(limited_in_order(tasks, 64).collect::<Vec<_>>());
    assert!(numbers.into_iter().eq(0..20_000));
}
