//! Every law of the kit is in the list of laws, and every test that is named there exists.

use transducer::laws::Law;

use super::*;

const LIST: &str = include_str!("../../src/laws/laws.md");

/// Tests by their names.
macro_rules! tests {
    ($($test:ident),* $(,)?) => { [$((stringify!($test), $test as fn())),*] };
}

/// The rows of the list: the law, and the tests that hold it.
fn rows() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    LIST.lines().skip_while(|line| !line.starts_with("| ---")).skip(1).filter(|line| line.starts_with("| ")).map(
        |row| {
            let cells: Vec<_> = row.split('|').map(str::trim).collect();
            (cells[2], cells[4].split(", ").map(|test| test.trim_matches('`')).collect())
        },
    )
}

#[test]
fn every_law_in_the_list_has_its_tests() {
    let tests = tests![
        law_10_time_is_data,
        law_11_any_split_combined_in_any_bracketing_is_the_whole,
        law_1_drivers_agree,
        law_1_wrappers_agree,
        law_2_complete_once_on_every_path,
        law_3_leftovers_are_flushed_after_an_early_end,
        law_4_an_accumulator_that_has_ended_stays_ended,
        law_4_nothing_after_reduced,
        law_5_a_lazy_run_is_fused,
        law_5_no_over_make,
        law_5_no_over_pull,
        law_5_room_for_one,
        law_6_order_is_kept,
        law_7_a_cloned_state_goes_on_where_it_was,
        law_7_a_run_that_has_ended_stays_ended_when_resumed,
        law_7_a_serialized_state_goes_on_where_it_was,
        law_7_a_state_that_does_not_belong_is_refused,
        law_7_runs_are_independent,
        law_8_a_panic_leaves_the_recipe_usable,
        law_8_a_push_pipeline_dropped_in_a_panic_does_not_flush,
        law_8_a_push_pipeline_that_has_panicked_wants_no_more,
        law_9_no_memory_is_reserved_for_a_size_that_is_only_claimed,
        law_9_shapes_are_those_of_what_is_emitted,
        law_9_size_hints_are_exact_where_they_can_be,
        law_9_size_hints_hold_for_any_source,
    ];
    let mut listed: Vec<_> = rows().flat_map(|(_, tests)| tests).collect();
    listed.sort();
    assert_eq!(listed, tests.map(|(name, _)| name));
}

#[test]
fn every_law_of_the_kit_is_in_the_list() {
    for law in Law::ALL {
        assert!(rows().any(|(name, _)| name == law.to_string()), "{law} is not in the list");
    }
}

#[test]
fn every_law_of_the_kit_has_a_stage_that_breaks_it() {
    use the_kit_finds::*;
    for law in Law::ALL {
        let test: fn() = match law {
            Law::DriversAgree => a_stage_that_is_not_the_same_under_every_driver,
            Law::WrappersAgree => a_stage_that_does_otherwise_inside_a_wrapper,
            Law::CompleteOnce => a_stage_that_does_not_complete_a_run_inside,
            Law::LeftoversFlushed => a_stage_that_drops_the_leftovers_of_a_run_inside,
            Law::NothingAfterReduced => a_stage_that_goes_on_after_break,
            Law::NoOverPull => a_stage_that_takes_more_than_it_needs,
            Law::NoOverMake => a_stage_that_makes_all_at_once_inside,
            Law::RunsIndependent => state_that_leaks_from_one_run_into_the_next,
            Law::ResumesFromClone => a_state_whose_clone_shares_what_is_left,
            Law::PanicsPoisonOneRun => a_stage_that_swallows_panics,
            Law::HonestSizeHint => a_size_hint_that_lies,
            Law::TightSizeHint => a_size_hint_that_says_anything,
            Law::HonestShape => an_at_most_one_that_emits_two,
            Law::RoomForOne => an_item_emitted_while_there_is_no_room,
            Law::Combines => a_reducer_whose_combination_is_not_associative,
            Law::TimeIsData => a_stage_that_stays_due_has_a_clock_of_its_own_or_is_idle_while_it_waits,
            law => panic!("no stage breaks «{law}»"),
        };
        test();
    }
}
