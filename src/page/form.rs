//! The form for logging in: which fields it has, and where it goes.

use crate::model::PageUrl;

use super::document::Page;
use super::node::Node;

/// Fields of a form that are read; no form for logging in has more.
const MOST_FIELDS: usize = 200;

/// A form that asks for a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginForm {
    /// Where it goes.
    pub action: PageUrl,
    /// Whether it is posted; else its fields stand in the address.
    pub posts: bool,
    /// What a browser would send of it untouched (name, value), user and password left out.
    pub fields: Vec<(String, String)>,
    /// The name of the field of the user, where it shows.
    pub user: Option<String>,
    /// The name of the field of the password.
    pub password: Option<String>,
    /// Names of further fields that a person fills in.
    pub asked: Vec<String>,
}

impl Page {
    /// The first form with a field for one password. One with two is for making an account or a new password.
    #[must_use]
    pub fn login_form(&self) -> Option<LoginForm> {
        let controls = self.controls();
        let mut owners = controls.iter().filter(|(_, node)| is_password(*node)).map(|(form, _)| *form);
        let owner =
            owners.find(|form| of(&controls, *form).filter(|node| is_password(*node)).count() == 1)?;
        Some(self.read_form(owner, of(&controls, owner).take(MOST_FIELDS)))
    }

    /// Every control of the page with the form it belongs to. Old pages open a form between rows of a table: the tree
    /// puts its fields beside it, and they belong to the form that was opened last.
    #[must_use]
    pub fn controls(&self) -> Vec<Control<'_>> {
        let (mut controls, mut last) = (Vec::new(), None);
        for node in self.root().descendants() {
            if node.name() == "form" {
                last = Some(node);
            } else if matches!(node.name(), "input" | "select" | "textarea" | "button") {
                let around = node.ancestors().find(|above| above.name() == "form");
                controls.push((around.or(last), node));
            }
        }
        controls
    }

    fn read_form<'a>(&self, form: Option<Node<'_>>, controls: impl Iterator<Item = Node<'a>>) -> LoginForm {
        let attr = |name| form.and_then(|form| form.attr(name)).unwrap_or_default();
        let mut read = LoginForm {
            action: self.join(attr("action")).unwrap_or_else(|| self.url().clone()),
            posts: attr("method").trim().eq_ignore_ascii_case("post"),
            fields: Vec::new(),
            user: None,
            password: None,
            asked: Vec::new(),
        };
        let mut has_button = false;
        for node in controls.filter(|node| node.attr("disabled").is_none()) {
            let Some(name) = node.attr("name").filter(|name| !name.is_empty()).map(str::to_owned) else {
                continue;
            };
            let value = node.attr("value").unwrap_or_default().to_owned();
            match (node.name(), kind(node).as_str()) {
                ("input", "password") => read.password = Some(name),
                ("input", "checkbox" | "radio") if node.attr("checked").is_none() => {}
                ("input", "checkbox" | "radio") => {
                    let value = if node.attr("value").is_some() { value } else { "on".to_owned() };
                    read.fields.push((name, value));
                }
                ("input", "image" | "button" | "reset" | "file") | ("button", "button" | "reset") => {}
                // the one that is pressed says so
                ("input", "submit") | ("button", _) => {
                    if !has_button {
                        read.fields.push((name, value));
                    }
                    has_button = true;
                }
                ("input", "hidden") => read.fields.push((name, value)),
                ("select", _) => read.fields.push((name, chosen(node))),
                ("textarea", _) => read.fields.push((name, node.text())),
                // the last field before the password is the user's; what else is empty a person fills in
                _ if read.password.is_none() => {
                    read.asked.extend(read.user.replace(name));
                }
                _ if value.is_empty() => read.asked.push(name),
                _ => read.fields.push((name, value)),
            }
        }
        read
    }
}

fn is_password(node: Node<'_>) -> bool {
    node.name() == "input" && kind(node) == "password"
}

/// A control, and the form it belongs to.
pub type Control<'a> = (Option<Node<'a>>, Node<'a>);

/// The controls of a form.
fn of<'a>(controls: &[Control<'a>], form: Option<Node<'a>>) -> impl Iterator<Item = Node<'a>> {
    controls.iter().filter(move |(of, _)| same(*of, form)).map(|(_, node)| *node)
}

/// The type of a control, in lower case.
fn kind(node: Node<'_>) -> String {
    node.attr("type").unwrap_or_default().trim().to_ascii_lowercase()
}

fn same(one: Option<Node<'_>>, other: Option<Node<'_>>) -> bool {
    one.map(Node::order) == other.map(Node::order)
}

/// What a browser would send of a list of choices untouched.
fn chosen(select: Node<'_>) -> String {
    let options: Vec<Node<'_>> = select.descendants().filter(|node| node.name() == "option").collect();
    let option = options.iter().find(|option| option.attr("selected").is_some()).or(options.first());
    option
        .map_or_else(String::new, |option| option.attr("value").map_or_else(|| option.text(), str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(html: &str) -> Option<LoginForm> {
        Page::parse(html, PageUrl::parse("https://town.example/user/login?to=/").unwrap()).login_form()
    }

    #[test]
    fn the_form_with_one_password_is_read_as_a_browser_would_send_it() {
        let read = form(
            "<form action=/search><input name=q><button name=go>go</button></form>\
             <form action=/join method=post><input name=n><input type=password name=a><input type=password name=b></form>\
             <form action='do?x=1' method=POST><input type=hidden name=_token value=k1>\
             <input type=email name=mail><input type=password name=pw>\
             <input type=checkbox name=keep checked><input type=checkbox name=news>\
             <select name=lang><option value=en>E<option value=zh selected>Z</select>\
             <input name=code><input type=submit name=go value=in><input type=submit name=other></form>",
        )
        .unwrap();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(read.action.as_str(), "https://town.example/user/do?x=1");
        assert!(read.posts);
        assert_eq!(
            read.fields,
            [pair("_token", "k1"), pair("keep", "on"), pair("lang", "zh"), pair("go", "in")]
        );
        assert_eq!((read.user.as_deref(), read.password.as_deref()), (Some("mail"), Some("pw")));
        assert_eq!(read.asked, ["code"]);
    }

    #[test]
    fn a_form_opened_between_rows_of_a_table_has_its_fields() {
        let read = form(
            "<table><form method=post><tr><td><input name=username><tr><td><input name=password type=PASSWORD>\
             <tr><td><input type=hidden name=k value=v></form></table>",
        )
        .unwrap();
        assert_eq!(read.action.as_str(), "https://town.example/user/login?to=/");
        assert_eq!((read.user.as_deref(), read.fields.len()), (Some("username"), 1));
        assert_eq!(form("<form><input name=q></form>"), None);
        assert!(form("<input name=u><input type=password name=p>").is_some());
    }
}
