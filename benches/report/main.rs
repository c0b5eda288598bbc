//! Compares.

mod counts;
mod figures;
#[path = "../workloads/mod.rs"]
mod workloads;

use std::{env, path::Path};

use figures::Cell;
use workloads::{Contender, workloads};

fn main() {
    if env::args().any(|arg| arg == counts::COUNTED) {
        counts::be_counted();
        return;
    }
    let figures = counts::count(Path::new("target")).unwrap();
    print!("{:25}", "");
    for contender in Contender::ALL {
        print!("{:>12}", contender.name().replace('`', ""));
    }
    println!();
    for workload in workloads() {
        print!("{:25}", workload.name);
        for contender in Contender::ALL {
            match figures.get(&Cell { workload: workload.name, contender }) {
                Some(figure) => print!("{figure:12.2}"),
                None => print!("{:>12}", "-"),
            }
        }
        println!();
    }
}
