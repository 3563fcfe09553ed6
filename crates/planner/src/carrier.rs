//! Who carries an order to a province.
//!
//! Ignores prices, weights and cut-offs: a company says by its list who goes where. O(carriers × provinces).

use liangcang_domain::id::CarrierId;
use liangcang_domain::warehouse::Carrier;

/// By id the first that names the province, else the first that names none; nobody if all name provinces and none this
/// one.
#[must_use]
pub fn choose_carrier(province: &str, carriers: &[Carrier]) -> Option<CarrierId> {
    let named = carriers.iter().filter(|carrier| carrier.provinces.iter().any(|name| name == province));
    let rest = carriers.iter().filter(|carrier| carrier.provinces.is_empty());
    named.map(|carrier| &carrier.id).min().or_else(|| rest.map(|carrier| &carrier.id).min()).cloned()
}
