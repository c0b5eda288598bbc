//! How long the server waits before it answers.

use std::{fmt, str::FromStr, time::Duration};

/// A distribution of delays, in milliseconds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Delay {
    None,
    /// `fixed:100`
    Fixed(f64),
    /// `uniform:0-300`
    Uniform(f64, f64),
    /// `choice:0,1000,2000,3000`
    Choice(Vec<f64>),
    /// `exponential:150`, by its mean
    Exponential(f64),
}

impl Delay {
    pub(crate) fn sample(&self, random: &mut fastrand::Rng) -> Duration {
        let milliseconds = match self {
            Self::None => 0.0,
            Self::Fixed(delay) => *delay,
            Self::Uniform(least, most) => least + (most - least) * random.f64(),
            Self::Choice(delays) => delays[random.usize(..delays.len())],
            Self::Exponential(mean) => mean * exponential(random),
        };
        Duration::from_secs_f64(milliseconds / 1000.0)
    }

    pub(crate) fn mean(&self) -> Duration {
        let milliseconds = match self {
            Self::None => 0.0,
            Self::Fixed(delay) | Self::Exponential(delay) => *delay,
            Self::Uniform(least, most) => (least + most) / 2.0,
            Self::Choice(delays) => delays.iter().sum::<f64>() / delays.len() as f64,
        };
        Duration::from_secs_f64(milliseconds / 1000.0)
    }
}

/// Exponentially distributed, with mean 1, by inverting the distribution function.
pub(crate) fn exponential(random: &mut fastrand::Rng) -> f64 {
    -(1.0 - random.f64()).ln() // the argument is in (0, 1]
}

impl FromStr for Delay {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, numbers) = text.split_once(':').unwrap_or((text, ""));
        match (kind, numbers.split_once('-')) {
            _ if text == "none" => Ok(Self::None),
            ("fixed", _) => Ok(Self::Fixed(milliseconds(numbers)?)),
            ("uniform", Some((least, most))) => match (milliseconds(least)?, milliseconds(most)?) {
                (least, most) if least <= most => Ok(Self::Uniform(least, most)),
                (least, most) => Err(format!("{least} is more than {most}")),
            },
            ("choice", _) => Ok(Self::Choice(numbers.split(',').map(milliseconds).collect::<Result<_, _>>()?)),
            ("exponential", _) => Ok(Self::Exponential(milliseconds(numbers)?)),
            _ => Err("expected none, fixed:MS, uniform:MS-MS, choice:MS,MS,.. or exponential:MEAN".into()),
        }
    }
}

fn milliseconds(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|error| format!("«{text}»: {error}"))?;
    match number {
        0.0..=3_600_000.0 => Ok(number),
        _ => Err("a delay is from 0 to 3,600,000 ms, an hour".into()),
    }
}

impl fmt::Display for Delay {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => out.write_str("none"),
            Self::Fixed(delay) => write!(out, "fixed:{delay}"),
            Self::Uniform(least, most) => write!(out, "uniform:{least}-{most}"),
            Self::Choice(delays) => {
                out.write_str("choice:")?;
                delays
                    .iter()
                    .enumerate()
                    .try_for_each(|(at, delay)| write!(out, "{}{delay}", if at == 0 { "" } else { "," }))
            }
            Self::Exponential(mean) => write!(out, "exponential:{mean}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_as_they_are_written() {
        for text in ["none", "fixed:20", "uniform:0-300", "choice:0,1000,2000,3000", "exponential:1.5"] {
            assert_eq!(text.parse::<Delay>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "fixed",
            "fixed:",
            "fixed:x",
            "fixed:-5",
            "fixed:1,",
            "fixed:9999999999",
            "fixed:NaN",
            "uniform:3",
            "uniform:3-1",
            "uniform:1,3",
            "uniform:-1-3",
            "uniform:1--3",
            "uniform:1-3-",
            "choice:",
            "choice:1-2",
            "choice:1,,2",
            "choice:1,-2",
            "none:",
            "none:1",
            "exponential:-1",
        ] {
            assert!(text.parse::<Delay>().is_err(), "{text}");
        }
    }

    #[test]
    fn samples_have_the_mean_that_is_said() {
        let mut random = fastrand::Rng::with_seed(1);
        for text in ["fixed:20", "uniform:0-300", "choice:0,1000,2000,3000", "exponential:150"] {
            let delay: Delay = text.parse().unwrap();
            let mean = (0..100_000).map(|_| delay.sample(&mut random)).sum::<Duration>() / 100_000;
            let ratio = mean.as_secs_f64() / delay.mean().as_secs_f64();
            assert!((0.98..1.02).contains(&ratio), "{text}: {ratio}");
        }
    }
}
