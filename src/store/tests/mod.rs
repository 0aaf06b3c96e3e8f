//! The contract, tried: one body a promise over any `Backend`, run for each back end there is.

pub(super) mod given;
mod gone;
mod identity;
mod keeping;
mod turns;

use super::{Settings, Store};

/// A store of its own in a folder that goes with the test.
pub(super) struct Fresh {
    pub(super) folder: tempfile::TempDir,
    pub(super) settings: Settings,
}

impl Fresh {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("tidings.db").display());
        Self {
            folder,
            settings: Settings { url, authority: "town.example".to_owned(), ..Settings::default() },
        }
    }
}

/// Runs bodies over each back end: here is where the next one joins.
macro_rules! promises {
    ($($room:ident: $($body:ident),* ;)*) => {
        mod sqlite {
            use super::{Fresh, Store};
            $($(
                #[tokio::test]
                async fn $body() {
                    let fresh = Fresh::new();
                    let store = Store::open(&fresh.settings).await.unwrap();
                    let Store::Sqlite(backend) = &store;
                    super::$room::$body(backend).await;
                    store.close().await.unwrap();
                }
            )*)*
        }
    };
}

promises! {
    turns:
        a_new_portal_is_due_when_its_seed_says,
        a_portal_that_was_never_visited_comes_after_those_that_were,
        a_known_portal_keeps_its_due_time_unless_its_pace_changed,
        a_portal_no_longer_configured_is_never_due_and_keeps_its_articles,
        a_portal_and_its_hosts_are_claimed_together_or_not_at_all,
        of_several_claims_each_is_taken_or_left,
        one_of_many_claims_at_once_wins,
        a_lease_that_ran_out_is_anyones_and_the_first_owner_writes_nothing,
        a_dead_owners_portal_is_next_due_when_its_lease_ends,
        an_unclean_end_gives_back_every_claim_of_its_node,
        a_host_keeps_its_turn_between_visits,
        a_person_asks_once_and_not_while_a_visit_runs,
        a_clock_put_back_stops_nobody;
    gone:
        what_is_gone_twice_an_hour_apart_leaves_the_feed_and_comes_back_under_its_id,
        two_looks_within_the_hour_are_one,
        a_first_look_of_a_time_to_come_is_taken_as_now,
        an_answer_in_between_begins_anew,
        a_page_that_is_not_modified_is_back_too,
        a_withdrawn_article_comes_back_under_another_address,
        an_alias_that_dies_withdraws_nothing,
        what_was_withdrawn_is_dropped_by_retention_though_it_stands_on_the_list;
    identity:
        an_address_leads_to_its_article_for_ever,
        the_same_content_is_no_news,
        an_edit_moves_updated_and_nothing_moves_it_back,
        another_address_with_the_same_story_is_the_same_article,
        two_articles_of_one_visit_are_never_one_by_story,
        a_redesign_moves_the_links_and_announces_nothing,
        a_canonical_address_shared_by_all_pages_folds_none_of_them,
        pages_of_one_title_and_day_that_name_one_section_stay_their_own,
        one_that_moved_and_was_edited_is_known_by_the_canonical_address_and_by_the_portals_number,
        a_title_slightly_edited_is_the_same_article_when_the_old_address_is_gone_only,
        several_that_read_alike_move_each_as_its_own,
        a_second_address_on_the_same_list_tells_nothing_new,
        a_page_that_failed_keeps_its_address_and_becomes_an_article_later,
        what_was_published_in_the_future_was_not_changed_in_the_future;
    keeping:
        feeds_are_newest_first_and_of_equal_ones_the_higher_on_the_list,
        fresh_articles_are_told_in_feed_order,
        a_query_narrows_by_portals_and_category,
        evidence_is_kept_apart_and_given_with_the_article,
        a_list_page_is_given_back_as_it_was_read,
        re_visits_are_due_by_their_plan,
        status_tells_failure_and_recovery,
        an_incident_opens_closes_and_is_one_an_hour,
        what_serves_by_another_way_is_an_incident_and_a_new_layout_one_that_is_over,
        a_failing_visit_keeps_what_it_has,
        retention_drops_contents_and_never_an_identity,
        what_still_stands_on_its_list_is_kept_however_old,
        revisions_move_with_feeds_only,
        values_are_kept_by_name,
        a_copy_holds_what_the_store_held;
}
