//! `[defaults]` put under every portal, table by table and key by key.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Puts the keys of `[defaults]` into each portal that does not set them itself.
pub(super) fn spread(root: &mut DeTable<'_>) {
    let Some(DeValue::Table(defaults)) = root.get("defaults").map(|value| value.get_ref().clone()) else {
        return;
    };
    if let Some(DeValue::Array(portals)) = root.get_mut("portal").map(Spanned::get_mut) {
        for portal in portals.iter_mut() {
            if let DeValue::Table(portal) = portal.get_mut() {
                under(portal, &defaults);
            }
        }
    }
}

fn under<'i>(table: &mut DeTable<'i>, defaults: &DeTable<'i>) {
    // A portal's own pace stands against either spelling of the common one.
    let paced = table.contains_key("every") || table.contains_key("cron");
    for (key, value) in defaults {
        let name = key.get_ref().as_ref();
        if paced && matches!(name, "every" | "cron") {
            continue;
        }
        match (table.get_mut(name).map(Spanned::get_mut), value.get_ref()) {
            (Some(DeValue::Table(own)), DeValue::Table(common)) => under(own, common),
            (Some(_), _) => {}
            (None, _) => {
                table.insert(key.clone(), value.clone());
            }
        }
    }
}
