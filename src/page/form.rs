//! The form for logging in: which fields it has, and where it goes.

use std::collections::BTreeMap;

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
    /// The name of the field of the password; None of a form that asks for the user first.
    pub password: Option<String>,
    /// Names of further fields that a person fills in.
    pub asked: Vec<String>,
    /// The charset that it is to be sent in, where it says so itself; else the page's.
    pub charset: Option<String>,
}

/// Words of buttons that are there for something else.
const OTHER_BUTTONS: [&str; 22] = [
    "forgot",
    "lost",
    "reset",
    "regist",
    "signup",
    "sign up",
    "join",
    "cancel",
    "search",
    "vergessen",
    "abbrechen",
    "suche",
    "oubli",
    "inscri",
    "annuler",
    "recherch",
    "olvid",
    "cancelar",
    "忘记",
    "注册",
    "取消",
    "搜索",
];
/// Words of fields and forms that are for whoever logs in.
const USERS: [&str; 12] = [
    "user", "login", "log-in", "signin", "account", "mail", "ident", "member", "benutzer", "konto", "uid",
    "phone",
];
/// Words of forms that are for something else.
const OTHER_FORMS: [&str; 6] = ["search", "newsletter", "subscri", "suche", "recherch", "regist"];

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

    /// The first form that asks who logs in and for nothing else: the password is asked for on the next page. A page may
    /// hold others of this shape, as for newsletters: ask only of a page that is known to be for logging in.
    #[must_use]
    pub fn name_form(&self) -> Option<LoginForm> {
        let controls = self.controls();
        let forms = self.root().descendants().filter(|node| node.name() == "form");
        let mut read = forms
            .filter(|form| !speaks_of(*form, &["id", "class", "name", "action", "role"], &OTHER_FORMS))
            .map(|form| self.read_form(Some(form), of(&controls, Some(form)).take(MOST_FIELDS)));
        let asks_who =
            |form: &LoginForm| form.user.as_deref().is_some_and(is_users) && form.password.is_none();
        read.find(|form| form.posts && form.asked.is_empty() && asks_who(form))
    }

    /// Every control of the page with the form it belongs to. Old pages open a form between rows of a table: the tree
    /// puts its fields beside it, and they belong to the form that was opened last. A control may also name its form.
    #[must_use]
    pub fn controls(&self) -> Vec<Control<'_>> {
        let (mut controls, mut last, mut named) = (Vec::new(), None, BTreeMap::new());
        for node in self.root().descendants() {
            if node.name() == "form" {
                last = Some(node);
                if let Some(id) = node.id() {
                    named.entry(id).or_insert(node);
                }
            } else if matches!(node.name(), "input" | "select" | "textarea" | "button") {
                let around = node.ancestors().find(|above| above.name() == "form");
                controls.push((around.or(last), node));
            }
        }
        for (form, node) in &mut controls {
            if let Some(id) = node.attr("form") {
                *form = named.get(id).copied();
            }
        }
        controls
    }

    fn read_form<'a>(&self, form: Option<Node<'_>>, controls: impl Iterator<Item = Node<'a>>) -> LoginForm {
        let attr = |name| form.and_then(|form| form.attr(name)).unwrap_or_default();
        let charset = attr("accept-charset").split([' ', ',']).find(|label| !label.is_empty());
        let mut read = LoginForm {
            action: self.join(attr("action")).unwrap_or_else(|| self.url().clone()),
            posts: attr("method").trim().eq_ignore_ascii_case("post"),
            fields: Vec::new(),
            user: None,
            password: None,
            asked: Vec::new(),
            charset: charset.map(str::to_owned),
        };
        let (mut before, mut behind) = (Vec::new(), Vec::new());
        for node in controls.filter(|node| node.attr("disabled").is_none()) {
            let kind = kind(node);
            if is_button(node, &kind) {
                if read.password.is_none() {
                    before.push(node);
                } else {
                    behind.push(node);
                }
                continue;
            }
            let Some(name) = node.attr("name").filter(|name| !name.is_empty()).map(str::to_owned) else {
                continue;
            };
            read.take(node, &kind, name);
        }
        self.press(&mut read, &before, &behind);
        read
    }

    /// The button that a person presses: the first one behind the password, but for those with another job; it says that
    /// it was, and may send the form elsewhere (HTML, form submission).
    fn press(&self, read: &mut LoginForm, before: &[Node<'_>], behind: &[Node<'_>]) {
        let is_other = |node: &&Node<'_>| {
            speaks_of(**node, &["name", "id", "value", "class"], &OTHER_BUTTONS)
                || OTHER_BUTTONS.iter().any(|word| node.text().to_lowercase().contains(word))
        };
        let mut all = behind.iter().chain(before.iter().rev());
        let Some(node) = all.clone().find(|node| !is_other(node)).or_else(|| all.next()) else { return };
        if let Some(name) = node.attr("name").filter(|name| !name.is_empty()) {
            if kind(*node) == "image" {
                read.fields
                    .extend([(format!("{name}.x"), "1".to_owned()), (format!("{name}.y"), "1".to_owned())]);
            } else {
                read.fields.push((name.to_owned(), node.attr("value").unwrap_or_default().to_owned()));
            }
        }
        if let Some(action) = node.attr("formaction").and_then(|to| self.join(to)) {
            read.action = action;
        }
        if let Some(method) = node.attr("formmethod") {
            read.posts = method.trim().eq_ignore_ascii_case("post");
        }
    }
}

impl LoginForm {
    /// Takes a field as a browser would send it.
    fn take(&mut self, node: Node<'_>, kind: &str, name: String) {
        let value = node.attr("value").unwrap_or_default().to_owned();
        match (node.name(), kind) {
            ("input", "password") => self.password = Some(name),
            ("input", "checkbox" | "radio") if node.attr("checked").is_none() => {}
            ("input", "checkbox" | "radio") => {
                let value = if node.attr("value").is_some() { value } else { "on".to_owned() };
                self.fields.push((name, value));
            }
            ("input", "button" | "reset" | "file") | ("button", _) => {}
            ("input", "hidden") => self.fields.push((name, value)),
            ("select", _) => self.fields.push((name, chosen(node))),
            ("textarea", _) => self.fields.push((name, node.text())),
            // the last field before the password is the user's; what else is empty a person fills in
            _ if self.password.is_none() => {
                // a box for searching that stands in the same form is left as it is
                let is_search = kind == "search"
                    || OTHER_FORMS.iter().any(|word| name.to_ascii_lowercase().contains(word));
                match &self.user {
                    _ if is_search => self.fields.push((name, value)),
                    Some(user) if is_users(user) && !is_users(&name) => self.asked.push(name),
                    _ => self.asked.extend(self.user.replace(name)),
                }
            }
            _ if value.is_empty() => self.asked.push(name),
            _ => self.fields.push((name, value)),
        }
    }
}

/// Whether a control sends its form.
fn is_button(node: Node<'_>, kind: &str) -> bool {
    matches!((node.name(), kind), ("input", "submit" | "image"))
        || node.name() == "button" && !matches!(kind, "button" | "reset")
}

/// Whether the name of a field is one for whoever logs in.
fn is_users(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    USERS.iter().any(|word| name.contains(word))
}

/// Whether one of these attributes holds one of these words.
fn speaks_of(node: Node<'_>, attrs: &[&str], words: &[&str]) -> bool {
    attrs.iter().filter_map(|attr| node.attr(attr)).any(|text| {
        let text = text.to_lowercase();
        words.iter().any(|word| text.contains(word))
    })
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
    fn the_button_behind_the_password_is_pressed_unless_it_has_another_job() {
        let read = form(
            "<form method=post action='./in?to=%2f'><input type=hidden name=__STATE value=k>\
             <input name=ctl$txtSearch><input type=submit name=ctl$btnSearch value=Search>\
             <input name=ctl$UserName><input type=password name=ctl$Word>\
             <button name=lost>Forgot your password?</button><input type=submit name=ctl$Go value='Log In'></form>",
        )
        .unwrap();
        assert_eq!(read.user.as_deref(), Some("ctl$UserName"));
        let names: Vec<&str> = read.fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["__STATE", "ctl$txtSearch", "ctl$Go"]);
        assert!(read.asked.is_empty(), "{read:?}");
    }

    #[test]
    fn fields_and_buttons_may_name_their_form_and_buttons_their_goal() {
        let read = form(
            "<form id=s action=/suche></form><form id=cnx method=post></form><input form=s name=q>\
             <input form=cnx name=identifiant><input form=cnx type=password name=mdp>\
             <input type=hidden form=cnx name=jeton value=j1><button form=cnx formaction=/verifier>Entrer</button>",
        )
        .unwrap();
        assert_eq!((read.action.as_str(), read.posts), ("https://town.example/verifier", true));
        assert_eq!((read.user.as_deref(), read.fields.len(), read.asked.len()), (Some("identifiant"), 1, 0));
    }

    #[test]
    fn a_form_for_who_logs_in_alone_is_told_from_others() {
        let page = |html: &str| Page::parse(html, PageUrl::parse("https://town.example/").unwrap());
        let first = "<form method=post action=/news class=newsletter><input type=email name=email></form>\
                     <form action=/s><input name=user></form><form method=post><input name=name><textarea name=t></textarea></form>";
        assert_eq!(page(first).name_form(), None);
        let both = format!(
            "{first}<form method=post action=/id><input type=email name=identifier><button>ok</button></form>"
        );
        assert_eq!(page(&both).name_form().and_then(|form| form.user).as_deref(), Some("identifier"));
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
