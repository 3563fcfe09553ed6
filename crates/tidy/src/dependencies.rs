//! Packages that must not be in the build, and packages that must be there only once.
//! Every ban has its reason beside it; who may use what is allowed is the business of `walls`.

use cargo_metadata::semver::Version;

use crate::Fault;
use crate::graph::Package;

/// Banned whatever the version.
const BANNED: &[(&str, &str)] = &[
    ("openssl-sys", "TLS is rustls; OpenSSL is one more thing to install on a warehouse PC"),
    ("native-tls", "TLS is rustls, the same on every system"),
    ("aws-lc-sys", "the crypto provider of rustls is ring, which needs only a C compiler"),
    ("aws-lc-rs", "a second crypto provider makes rustls panic for want of a choice"),
];

/// Banned below this version.
const TOO_OLD: &[(&str, Version, &str)] = &[(
    "libsqlite3-sys",
    Version::new(0, 37, 0),
    "SQLite before 3.51.3 can lose data when it resets its write-ahead log",
)];

/// Two of one of these would mean two run times, two databases or types that do not fit together.
const SINGLE: &[&str] = &[
    "axum",
    "http",
    "hyper",
    "libsqlite3-sys",
    "ring",
    "rustls",
    "serde",
    "sqlx-core",
    "tauri",
    "tokio",
    "uuid",
];

/// Finds banned packages, versions too old, and doubles.
pub fn check(packages: &[Package]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for package in packages {
        let place = || format!("{} {}", package.name, package.version);
        if let Some((_, reason)) = BANNED.iter().find(|(name, _)| *name == package.name) {
            let users: Vec<&str> = packages
                .iter()
                .filter(|user| user.uses.contains(&package.name))
                .map(|user| &*user.name)
                .collect();
            faults.push(Fault::new(place(), format!("is banned: {reason}; {} uses it", users.join(", "))));
        }
        if let Some((_, least, reason)) =
            TOO_OLD.iter().find(|(name, least, _)| *name == package.name && package.version < *least)
        {
            faults.push(Fault::new(place(), format!("is older than {least}: {reason}")));
        }
    }
    for name in SINGLE {
        let versions: Vec<String> = packages
            .iter()
            .filter(|package| package.name == *name)
            .map(|package| package.version.to_string())
            .collect();
        if versions.len() > 1 {
            faults
                .push(Fault::new(*name, format!("is in the build more than once: {}", versions.join(", "))));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, version: Version, uses: &[&str]) -> Package {
        Package {
            name: name.to_owned(),
            version,
            licence: None,
            ours: false,
            uses: uses.iter().map(|&name| name.to_owned()).collect(),
            tests_use: [].into(),
            reaches: [].into(),
        }
    }

    fn faults(packages: &[Package]) -> Vec<String> {
        check(packages).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_banned_package_is_named_with_the_one_who_brought_it() {
        let found = faults(&[
            package("openssl-sys", Version::new(0, 9, 0), &[]),
            package("some-client", Version::new(1, 0, 0), &["openssl-sys"]),
        ]);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("openssl-sys 0.9.0: is banned") && found[0].ends_with("some-client uses it")
        );
    }

    #[test]
    fn an_sqlite_with_the_log_reset_bug_is_refused() {
        assert!(
            faults(&[package("libsqlite3-sys", Version::new(0, 36, 0), &[])])[0]
                .contains("older than 0.37.0")
        );
        assert_eq!(faults(&[package("libsqlite3-sys", Version::new(0, 37, 0), &[])]), [""; 0]);
    }

    #[test]
    fn two_versions_of_a_run_time_are_refused() {
        let found = faults(&[
            package("tokio", Version::new(1, 54, 1), &[]),
            package("tokio", Version::new(2, 0, 0), &[]),
        ]);
        assert_eq!(found, ["tokio: is in the build more than once: 1.54.1, 2.0.0"]);
    }
}
