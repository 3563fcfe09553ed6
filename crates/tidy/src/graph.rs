//! The packages of the workspace and of everything they use, as `cargo metadata` tells them.
//! Works from what is downloaded already and never asks the network.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use cargo_metadata::semver::Version;
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};

/// One package, ours or not.
#[derive(Debug, Clone)]
pub struct Package {
    /// Its name in its manifest.
    pub name: String,
    /// Its version.
    pub version: Version,
    /// Its SPDX expression, if it declares one.
    pub licence: Option<String>,
    /// Whether it is a member of this workspace.
    pub ours: bool,
    /// Names of the packages it is built with.
    pub uses: BTreeSet<String>,
    /// Names of the packages only its tests use.
    pub tests_use: BTreeSet<String>,
    /// Names of all packages that end up in it, through however many others.
    pub reaches: BTreeSet<String>,
}

/// Reads the packages of the workspace at `root`, for all systems the lock file knows.
pub fn read(root: &Path) -> Result<Vec<Package>> {
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .other_options(["--offline".to_owned()])
        .exec()
        .context(
            "cargo metadata --offline; if a package is not downloaded yet, run `cargo fetch --locked`",
        )?;
    Ok(packages(&metadata))
}

fn packages(metadata: &Metadata) -> Vec<Package> {
    let mut built: BTreeMap<&PackageId, Vec<&PackageId>> = BTreeMap::new();
    let mut tested: BTreeMap<&PackageId, Vec<&PackageId>> = BTreeMap::new();
    for node in metadata.resolve.iter().flat_map(|resolve| &resolve.nodes) {
        for dependency in &node.deps {
            let is_built = dependency.dep_kinds.iter().any(|kind| kind.kind != DependencyKind::Development);
            let side = if is_built { &mut built } else { &mut tested };
            side.entry(&node.id).or_default().push(&dependency.pkg);
        }
    }
    let named: BTreeMap<&PackageId, &str> =
        metadata.packages.iter().map(|package| (&package.id, package.name.as_str())).collect();
    let names = |ids: &[&PackageId]| -> BTreeSet<String> {
        ids.iter().filter_map(|id| named.get(id)).map(|name| (*name).to_owned()).collect()
    };
    metadata
        .packages
        .iter()
        .map(|package| Package {
            name: package.name.to_string(),
            version: package.version.clone(),
            licence: package.license.clone(),
            ours: metadata.workspace_members.contains(&package.id),
            uses: names(built.get(&package.id).map_or(&[], Vec::as_slice)),
            tests_use: names(tested.get(&package.id).map_or(&[], Vec::as_slice)),
            reaches: names(&reached(&package.id, &built)),
        })
        .collect()
}

fn reached<'a>(
    from: &'a PackageId,
    built: &BTreeMap<&'a PackageId, Vec<&'a PackageId>>,
) -> Vec<&'a PackageId> {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(id) = open.pop() {
        for next in built.get(id).into_iter().flatten() {
            if seen.insert(*next) {
                open.push(next);
            }
        }
    }
    seen.into_iter().collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;

    #[test]
    fn this_workspace_is_read_with_its_members_and_their_uses() {
        let packages = read(&crate::repository()).unwrap();
        let tidy = packages.iter().find(|package| package.name == "liangcang-tidy").unwrap();
        assert!(tidy.ours);
        assert!(tidy.uses.contains("toml") && !tidy.uses.contains("tempfile"));
        assert!(tidy.tests_use.contains("tempfile"));
        assert!(tidy.reaches.contains("winnow"), "toml is built on winnow: {:?}", tidy.reaches);
    }
}
