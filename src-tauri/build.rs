//! Hands Tauri its config, icons and permissions at compile time.
//! The window's permissions live beside the shell that uses them, not in the root where Tauri looks by default.

use std::error::Error;

use tauri_build::Attributes;

fn main() -> Result<(), Box<dyn Error>> {
    // Tauri watches only the folder it would have looked in by itself.
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    let attributes = Attributes::new().capabilities_path_pattern("src-tauri/capabilities/**/*");
    tauri_build::try_build(attributes)?;
    Ok(())
}
