//! Who may know whom, as the design draws it:
//! `liangcang -> station -> {devices, sync, planner} -> domain` and `server -> {sync, planner} -> domain`.
//! Station and server meet only in sync messages. The calls a pure crate may not make are banned by name in its
//! own `clippy.toml`; here only crates are looked at.

use crate::Fault;
use crate::graph::Package;

/// Every crate of ours and the crates of ours it may know.
const MAP: &[(&str, &[&str])] = &[
    ("liangcang", &["liangcang-station"]),
    ("liangcang-station", &["liangcang-devices", "liangcang-sync", "liangcang-planner", "liangcang-domain"]),
    ("liangcang-server", &["liangcang-sync", "liangcang-planner", "liangcang-domain"]),
    ("liangcang-devices", &["liangcang-domain"]),
    ("liangcang-sync", &["liangcang-domain"]),
    ("liangcang-planner", &["liangcang-domain"]),
    ("liangcang-domain", &[]),
    ("liangcang-emulator", &[]),
    ("liangcang-tidy", &[]),
];

/// Families of packages (a name, or a name with more after a dash) and the only crates that may use them.
const KEPT: &[(&str, &[&str])] = &[
    ("tauri", &["liangcang"]),
    ("wry", &["liangcang"]),
    ("tao", &["liangcang"]),
    ("axum", &["liangcang-server", "liangcang-station", "liangcang-emulator"]),
    ("sqlx", &["liangcang-server", "liangcang-station"]),
    ("libsqlite3", &["liangcang-server", "liangcang-station"]),
    ("printpdf", &["liangcang-devices", "liangcang-station"]),
    // The emulator holds the other end of the cable.
    ("serialport", &["liangcang-devices", "liangcang-emulator"]),
    ("rodio", &["liangcang-devices"]),
    ("cpal", &["liangcang-devices"]),
];

/// Crates that know no clock, no randomness, no files, no sockets and no threads of their own.
const PURE: &[&str] = &["liangcang-domain", "liangcang-planner", "liangcang-sync"];
/// What a pure crate may not name in its manifest.
const IMPURE: &[&str] =
    &["getrandom", "rand", "uuid", "tracing", "tempfile", "ureq", "reqwest", "rustls", "notify"];
/// What may not even arrive in a pure crate through another.
const RUN_TIMES: &[&str] = &["tokio", "async-std", "smol", "mio", "hyper", "socket2", "rayon"];

/// Finds uses that the map does not allow.
pub fn check(packages: &[Package]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let ours: Vec<&Package> = packages.iter().filter(|package| package.ours).collect();
    for package in &ours {
        let Some((_, may_know)) = MAP.iter().find(|(name, _)| *name == package.name) else {
            let what =
                "is not on the map; say in crates/tidy/src/walls.rs whom it may know, and why it exists";
            faults.push(Fault::new(&package.name, what));
            continue;
        };
        for used in package.uses.union(&package.tests_use) {
            if ours.iter().any(|other| other.name == *used) && !may_know.contains(&used.as_str()) {
                faults.push(Fault::new(&package.name, format!("must not know {used}")));
            }
            if let Some((_, owners)) = KEPT.iter().find(|(family, _)| is_of(used, family))
                && !owners.contains(&package.name.as_str())
            {
                faults.push(Fault::new(
                    &package.name,
                    format!("must not use {used}; only {}", owners.join(", ")),
                ));
            }
        }
        if PURE.contains(&package.name.as_str()) {
            faults.extend(impurities(package));
        }
    }
    faults
}

fn impurities(package: &Package) -> impl Iterator<Item = Fault> {
    let named = package.uses.iter().filter(|used| IMPURE.iter().any(|family| is_of(used, family)));
    let arrived = package.reaches.iter().filter(|reached| RUN_TIMES.contains(&reached.as_str()));
    named.chain(arrived).map(|used| {
        Fault::new(
            &package.name,
            format!("is pure and must not have {used}; let the caller pass in what it gives"),
        )
    })
}

fn is_of(name: &str, family: &str) -> bool {
    name.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

#[cfg(test)]
mod tests {
    use cargo_metadata::semver::Version;

    use super::*;

    fn package(name: &str, uses: &[&str]) -> Package {
        let uses: std::collections::BTreeSet<String> = uses.iter().map(|&name| name.to_owned()).collect();
        Package {
            name: name.to_owned(),
            version: Version::new(0, 1, 0),
            licence: None,
            ours: true,
            reaches: uses.clone(),
            uses,
            tests_use: [].into(),
        }
    }

    fn faults(packages: &[Package]) -> Vec<String> {
        check(packages).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_map_as_drawn_has_no_fault() {
        let all: Vec<Package> = MAP.iter().map(|(name, may_know)| package(name, may_know)).collect();
        assert_eq!(faults(&all), [""; 0]);
    }

    #[test]
    fn the_server_may_not_know_the_station() {
        let all = [package("liangcang-server", &["liangcang-station"]), package("liangcang-station", &[])];
        assert_eq!(faults(&all), ["liangcang-server: must not know liangcang-station"]);
    }

    #[test]
    fn the_emulator_knows_none_of_ours_even_in_its_tests() {
        let mut emulator = package("liangcang-emulator", &["axum"]);
        emulator.tests_use.insert("liangcang-devices".to_owned());
        let all = [emulator, package("liangcang-devices", &[])];
        assert_eq!(faults(&all), ["liangcang-emulator: must not know liangcang-devices"]);
    }

    #[test]
    fn only_the_shell_has_tauri_and_only_two_crates_have_a_database() {
        let all = [
            package("liangcang-station", &["tauri-plugin-log", "sqlx"]),
            package("liangcang-emulator", &["sqlx"]),
        ];
        let found = faults(&all);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("liangcang-station: must not use tauri-plugin-log"));
        assert!(found[1].starts_with("liangcang-emulator: must not use sqlx"));
    }

    #[test]
    fn a_pure_crate_has_no_randomness_and_no_run_time_by_any_way() {
        let mut domain = package("liangcang-domain", &["rand_chacha"]);
        domain.reaches.insert("tokio".to_owned());
        let found = faults(&[domain]);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("rand_chacha") && found[1].contains("tokio"));
    }

    #[test]
    fn a_new_crate_must_be_put_on_the_map() {
        assert!(faults(&[package("liangcang-extra", &[])])[0].contains("not on the map"));
    }
}
