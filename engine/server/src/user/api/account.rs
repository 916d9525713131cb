//! `/api/v1/auth/register` and what follows from it.

use crate::{
    app::App,
    auth::{AuthAttempt, Credential, CurrentUser},
    http::{
        Answer, ApiError, Reply, code,
        extract::{Asked, Body, FromQuery, Query},
        view::{Page, View, Viewer},
    },
    log::operation::AuditEntry,
    session::{
        self,
        lockout::{self, Source, Standing},
    },
    user::{
        Status,
        account::{self, Maker},
        activation,
        form::{Address, NewPassword, Registration},
        store,
    },
};
use axum::extract::State;
use push_notify_core::{config, i18n::Text, id::UserId};
use schemars::JsonSchema;
use serde::Serialize;

/// The query of a link.
pub struct Link {
    token: String,
}

impl FromQuery for Link {
    fn read(query: &mut Query) -> Self {
        query.require("token");
        Self {
            token: query.text("token").unwrap_or_default(),
        }
    }
}

#[derive(Serialize, JsonSchema)]
pub struct Registered {
    user_id: UserId,
}

/// Whom a link is for.
#[derive(Serialize, JsonSchema)]
pub struct Invited {
    user_id: UserId,
    username: String,
}

const ACTIVATE: Text = Text::new("激活账号", "Activate the account");

/// `POST /auth/register`
pub async fn register(
    State(app): State<App>,
    AuthAttempt(visitor): AuthAttempt,
    body: Body<Registration>,
) -> Answer<Registered> {
    if app.config.auth.registration == config::Registration::Closed {
        return Err(ApiError::forbidden().saying(Text::new(
            "未开放注册，请联系管理员创建账号",
            "Registration is closed: ask an administrator for an account",
        )));
    }
    let Registration(new) = body.checked()?;
    let (status, message) = match app.mailer {
        Some(_) => (
            Status::Pending,
            Text::new(
                "注册成功，请前往邮箱激活账号；管理员确认之前只能查看",
                "Registered: open the link in the mail that we sent to activate the account; you can change things when an \
                 administrator has confirmed it",
            ),
        ),
        None => (
            Status::Active,
            Text::new(
                "注册成功，可以直接登录；管理员确认之前只能查看",
                "Registered: you can log in now, and change things when an administrator has confirmed your account",
            ),
        ),
    };
    let user = account::create(&app, Maker::Visitor(&visitor), new, status).await?;
    activation::send_soon(&app, user.email);
    Reply::say(message, Registered { user_id: user.id })
}

/// `GET /auth/activate`: the link in the mail. It asks for the confirmation, since not only people
/// open links.
pub async fn show_activation(
    State(app): State<App>,
    _: AuthAttempt,
    viewer: Viewer,
    Asked(link): Asked<Link>,
) -> View<Invited> {
    let page = Page {
        title: ACTIVATE,
        text: Text::new(
            "请确认激活此账号。",
            "Press the button to activate this account.",
        ),
        button: Some(ACTIVATE),
    };
    let found = activation::look(&app, &link.token).await;
    let answer = found.and_then(|user| {
        let message = Text::new(
            "请以POST方式请求同一地址以确认激活",
            "Confirm by a POST to the same address",
        );
        let (user_id, username) = (user.id, user.username);
        Reply::say(message, Invited { user_id, username })
    });
    viewer.show(answer, page)
}

/// `POST /auth/activate`: the button of the page that the link opens.
pub async fn activate(
    State(app): State<App>,
    AuthAttempt(visitor): AuthAttempt,
    viewer: Viewer,
    Asked(link): Asked<Link>,
) -> View<Registered> {
    let done = Text::new("激活成功，请登录", "Activated: you can log in now");
    let page = Page {
        title: done.clone(),
        text: Text::new("可以关闭此页面。", "You can close this page."),
        button: None,
    };
    let opened = activation::open(&app, &visitor, &link.token).await;
    let answer = opened.and_then(|user| Reply::say(done, Registered { user_id: user.id }));
    viewer.show(answer, page)
}

/// `POST /auth/activation`: another link. The answer does not tell whether there is such a user.
pub async fn send_activation(
    State(app): State<App>,
    _: AuthAttempt,
    body: Body<Address>,
) -> Answer<()> {
    let Address(email) = body.checked()?;
    activation::send_soon(&app, email);
    Reply::say(
        Text::new(
            "如果该邮箱有待激活的账号，激活邮件将很快送达",
            "If an account with this address waits for activation, a mail is on its way",
        ),
        (),
    )
}

/// `PUT /auth/password`. The session that asks stays, the others end. API keys stay: each is
/// revoked by itself.
pub async fn change_password(
    State(app): State<App>,
    user: CurrentUser,
    body: Body<NewPassword>,
) -> Answer<()> {
    let NewPassword { old, new } = body.checked()?;
    let source = Source::of_change(&user.username);
    let permit = app.hasher.permit().await?;
    lockout::attempt(&app, &source, Standing::LOGGED_IN).await?;
    let account = store::find_account(app.db.read(), &user.username).await?;
    let account = account.ok_or_else(ApiError::unauthenticated)?;
    let stored = Some(account.password_hash.clone());
    if !permit.is_right(old, stored).await? {
        let problem = Text::new("不正确", "is wrong");
        let wrong = ApiError::invalid_field("old_password", &problem);
        return Err(wrong.as_known(&code::WRONG_PASSWORD));
    }
    let hash = app.hasher.hash(new).await?;
    let now = app.clock.now_us();
    let kept = match &user.credential {
        Credential::Session(id) => Some(id.as_str()),
        Credential::ApiKey { .. } => None,
    };
    let mut transaction = app.db.begin().await?;
    // Somebody may have given the user another one meanwhile.
    if !store::replace_password(&mut transaction, &account, &hash, now).await? {
        return Err(ApiError::changed_meanwhile());
    }
    session::store::revoke_all(&mut transaction, user.id, kept, now).await?;
    lockout::passed(&mut transaction, &source, Standing::LOGGED_IN).await?;
    let audit = AuditEntry::new("user.password", user.id, &user.username);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    Reply::say(Text::new("密码修改成功", "Password changed"), ())
}
