//! Room for one: a stage emits no more than there is room for, and what is left is made later.

use alloc::{format, vec::Vec};
use core::fmt;

use super::{
    Broken, Driver, Law,
    by_hand::{ByHand, Trace},
    expect,
    run::Runs,
};
use crate::kernel::Transducer;

/// How many items there is room for, in one call after another.
const ROOMS: [&[usize]; 5] = [&[1], &[2], &[3], &[1, 2, 1, 3, 2], &[5, 1]];

/// Steps with little room make what a step with all the room makes.
pub(super) fn check<In, X>(xf: &X, input: &[In], trace: &Trace<X::Out>) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In, Out: PartialEq + fmt::Debug>,
{
    let (law, driver) = (Law::RoomForOne, Driver::Stepped);
    for rooms in ROOMS {
        // One too many would be enough to see that there is no end to them.
        let mut run = ByHand::<In, X, true>::new(xf, rooms, trace.outputs.len() + 1);
        let mut after = Vec::from([0]);
        run.feed(input, |run| after.push(run.out.items.len()))?;
        let ended = run.ended.then_some(after.len() - 1);
        run.finish()?;
        let given = format!("with room for {rooms:?} items in turn");
        let what = format!(
            "rule 1 of the protocol: outputs {given} (does `resume` emit what the calls before have kept, and nothing else?)"
        );
        expect(law, driver, &what, &run.out.items, &trace.outputs)?;
        expect(law, driver, &format!("outputs after each number of inputs {given}"), &after, &trace.after)?;
        expect(law, driver, &format!("inputs until the end {given}"), &ended, &trace.ended)?;
    }
    Ok(())
}

/// Drivers leave room, and have all made before the next step.
pub(super) fn check_drivers<Out>(runs: &Runs<Out>) -> Result<(), Broken> {
    for (driver, run) in runs.all() {
        let what = "rules 1 and 4 of the protocol: calls without room, or steps while something was left";
        expect(Law::RoomForOne, driver, what, &run.out_of_turn, &0)?;
    }
    Ok(())
}
