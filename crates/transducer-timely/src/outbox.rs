use timely::{
    container::{CapacityContainerBuilder, buffer::default_capacity},
    dataflow::operators::{CapabilityTrait, generic::OutputBuilderSession},
    progress::Timestamp,
};

/// The output of an operator, for which it makes vectors.
pub(crate) type Output<'a, T, D> = OutputBuilderSession<'a, T, CapacityContainerBuilder<Vec<D>>>;

/// Collects outputs into the vectors that timely sends.
///
/// timely's own sessions do that too, but they see to the room for each item, and send what they have whenever they are closed,
/// which is after each vector that comes in.
pub(crate) struct Outbox<D> {
    items: Vec<D>,
}

impl<D: 'static> Outbox<D> {
    pub(crate) fn new() -> Self {
        Self { items: Vec::new() }
    }

    /// Takes an item, and sends what there is if that is enough.
    #[inline]
    pub(crate) fn put<T: Timestamp>(&mut self, item: D, output: &mut Output<'_, T, D>, at: &impl CapabilityTrait<T>) {
        self.items.push(item);
        if self.items.len() >= default_capacity::<D>() {
            self.send(output, at);
        }
    }

    /// Sends what there is.
    #[inline(never)]
    pub(crate) fn send<T: Timestamp>(&mut self, output: &mut Output<'_, T, D>, at: &impl CapabilityTrait<T>) {
        if self.items.is_empty() {
            return;
        }
        output.session(at).give_container(&mut self.items);
        // What has come back is the room of one that was sent before, or nothing.
        self.items.clear();
        self.items.reserve(default_capacity::<D>());
    }
}
