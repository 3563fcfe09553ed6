//! Runs every house rule on this repository. Whether a rule finds what it should is tested beside the rule.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::fs;

use liangcang_tidy::length::{RATCHET, Ratchet};
use liangcang_tidy::{
    Fault, dependencies, graph, header, length, licences, papers, places, repository, tree, walls, words,
};

#[track_caller]
fn assert_clean(mut faults: Vec<Fault>) {
    faults.sort();
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "{} faults against a house rule:\n{}", lines.len(), lines.join("\n"));
}

#[test]
fn crates_know_only_whom_they_may() {
    assert_clean(walls::check(&graph::read(&repository()).unwrap()));
}

#[test]
fn every_crate_in_the_build_has_an_allowed_licence() {
    assert_clean(licences::check(&graph::read(&repository()).unwrap()));
}

#[test]
fn every_npm_package_has_an_allowed_licence() {
    let lock = fs::read_to_string(repository().join("ui/package-lock.json")).unwrap();
    assert_clean(licences::check_npm(&lock).unwrap());
}

#[test]
fn nothing_banned_or_double_is_in_the_build() {
    assert_clean(dependencies::check(&graph::read(&repository()).unwrap()));
}

#[test]
fn files_and_functions_are_short() {
    let ratchet = Ratchet::parse(&fs::read_to_string(repository().join(RATCHET)).unwrap()).unwrap();
    assert_clean(length::check(&tree::read(&repository()).unwrap(), &ratchet));
}

#[test]
fn every_rust_file_says_what_it_is() {
    assert_clean(header::check(&tree::read(&repository()).unwrap()));
}

#[test]
fn no_name_is_a_banned_word_and_nothing_is_left_undone() {
    assert_clean(words::check(&tree::read(&repository()).unwrap()));
}

#[test]
fn no_text_names_a_path_of_one_machine() {
    assert_clean(places::check(&tree::read(&repository()).unwrap()));
}

#[test]
fn every_path_that_a_paper_names_exists() {
    let root = repository();
    assert_clean(papers::check(&tree::read(&root).unwrap(), |path| root.join(path).exists()));
}
