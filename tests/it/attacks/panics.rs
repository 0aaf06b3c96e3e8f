//! A panic in a visit costs that visit: it is counted, told as a failure, and nothing that was held is lost.

use tidings::collect::{Step, Watch};
use tidings::model::Class;

use crate::town::{World, subject};

#[test]
fn a_panic_in_a_visit_costs_that_visit_only() {
    let mut world = World::new();
    for number in 0..5 {
        world.add(subject(number));
    }
    world.visit("the first visit");
    let before = world.stored();
    assert!(world.metrics().contains("tidings_panics_total 0"), "{}", world.metrics());
    world.add(subject(5));
    for step in [Step::Listed(6), Step::Article] {
        let watch = Watch::new(move |told| {
            let same = std::mem::discriminant(&told) == std::mem::discriminant(&step);
            assert!(!same, "a fault on purpose");
        });
        let visited = world.visit_watched(watch);
        assert_eq!(visited.error.map(|fault| fault.class), Some(Class::Internal));
        assert_eq!(world.stored().len(), before.len());
    }
    assert!(world.metrics().contains("tidings_panics_total 2"), "{}", world.metrics());
    assert!(world.metrics().contains("tidings_visits_total{outcome=\"internal\"} 2"), "{}", world.metrics());
    // the claim was given back: the next visit goes its way, and loses nothing
    let visited = world.visit("after the panics");
    assert_eq!((visited.error, visited.counts.new), (None, 1));
}
