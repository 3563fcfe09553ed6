//! Licences that may be in what we ship. Reads SPDX expressions, old slashes included, and the licences that
//! npm wrote into its lock file. Whether a package tells the truth about itself is not asked.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::Fault;
use crate::graph::Package;

/// Permissive licences, and MPL-2.0, whose files we use unchanged.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "BlueOak-1.0.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Python-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Data of build tools, under a licence that asks for credit; none of it is shipped.
const BUILD_ONLY: &[(&str, &str)] = &[("caniuse-lite", "CC-BY-4.0")];

/// Finds crates whose licence leaves no allowed choice.
pub fn check(packages: &[Package]) -> Vec<Fault> {
    packages
        .iter()
        .filter_map(|package| {
            verdict(&package.name, &package.version.to_string(), package.licence.as_deref())
        })
        .collect()
}

/// The same for the packages of an npm lock file, by its text.
pub fn check_npm(lock: &str) -> Result<Vec<Fault>> {
    let lock: Value = serde_json::from_str(lock).context("package-lock.json is no JSON")?;
    let packages = lock["packages"].as_object().context("package-lock.json has no packages")?;
    let foreign =
        packages.iter().filter(|(path, entry)| path.contains("node_modules/") && entry["link"] != true);
    Ok(foreign
        .filter_map(|(path, entry)| {
            let name = path.rsplit("node_modules/").next().unwrap_or(path);
            verdict(name, entry["version"].as_str().unwrap_or(""), entry["license"].as_str())
        })
        .collect())
}

fn verdict(name: &str, version: &str, licence: Option<&str>) -> Option<Fault> {
    let place = format!("{name} {version}");
    let Some(licence) = licence else {
        return Some(Fault::new(place, "declares no licence; look at it and decide"));
    };
    let build_only = BUILD_ONLY.contains(&(name, licence));
    (!build_only && !allows(licence)).then(|| {
        Fault::new(place, format!("is under {licence}, which is not on our list; use another package"))
    })
}

/// Whether the expression leaves a choice among the allowed licences. What cannot be read is not allowed.
fn allows(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    either(&words, &mut at) == Some(true) && at == words.len()
}

fn either(words: &[&str], at: &mut usize) -> Option<bool> {
    let mut allowed = both(words, at)?;
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        let other = both(words, at)?;
        allowed = allowed || other;
    }
    Some(allowed)
}

fn both(words: &[&str], at: &mut usize) -> Option<bool> {
    let mut allowed = one(words, at)?;
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        let other = one(words, at)?;
        allowed = allowed && other;
    }
    Some(allowed)
}

fn one(words: &[&str], at: &mut usize) -> Option<bool> {
    let word = *words.get(*at)?;
    *at += 1;
    if word == "(" {
        let allowed = either(words, at)?;
        let closed = words.get(*at) == Some(&")");
        *at += 1;
        return closed.then_some(allowed);
    }
    if words.get(*at) == Some(&"WITH") {
        let exception = words.get(*at + 1)?;
        *at += 2;
        return Some(ALLOWED.contains(&format!("{word} WITH {exception}").as_str()));
    }
    Some(ALLOWED.contains(&word))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;

    #[test]
    fn one_allowed_choice_is_enough_and_every_part_of_a_sum_is_needed() {
        for good in [
            "MIT",
            "MIT/Apache-2.0",
            "MIT OR GPL-3.0-only",
            "(MIT OR GPL-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-3.0",
        ] {
            assert!(allows(good), "{good}");
        }
        for bad in [
            "GPL-3.0-only",
            "MIT AND LGPL-2.1",
            "GPL-2.0 WITH Classpath-exception-2.0",
            "",
            "(MIT",
            "MIT MIT",
        ] {
            assert!(!allows(bad), "{bad}");
        }
    }

    #[test]
    fn a_package_without_a_licence_is_named() {
        assert!(verdict("ghost", "1.0.0", None).unwrap().what.contains("declares no licence"));
    }

    #[test]
    fn a_forbidden_licence_in_the_npm_lock_is_named() {
        let lock = r#"{"packages": {
            "": {"name": "ui"},
            "packages/kit": {"name": "kit"},
            "node_modules/kit": {"link": true},
            "node_modules/vue": {"version": "3.5.45", "license": "MIT"},
            "node_modules/x/node_modules/copyleft": {"version": "1.0.0", "license": "AGPL-3.0"}
        }}"#;
        let places: Vec<String> = check_npm(lock).unwrap().into_iter().map(|fault| fault.place).collect();
        assert_eq!(places, ["copyleft 1.0.0"]);
    }

    #[test]
    fn data_of_a_build_tool_may_ask_for_credit() {
        assert_eq!(verdict("caniuse-lite", "1.0.0", Some("CC-BY-4.0")), None);
        assert!(verdict("other", "1.0.0", Some("CC-BY-4.0")).is_some());
    }
}
