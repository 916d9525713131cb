//! The endpoints: what the route table is made of.

use super::strict::{self, Takes};
use crate::{
    app::App,
    auth::{self, access::Access},
    http::{
        describe::{About, Signature},
        extract::Shown,
    },
};
use axum::{
    Extension, Router,
    handler::Handler,
    http::Method,
    middleware,
    routing::{MethodFilter, on},
};
use schemars::SchemaGenerator;

/// Where users and their sessions are changed.
const USERS: [&str; 3] = ["/api/v1/auth/", "/api/v1/users", "/api/v1/settings"];

/// Addresses that people copy by hand into the settings of a source: with a slash at the end they
/// are the same.
const RECEIVERS: [&str; 2] = ["/webhook/", "/api/v1/webhooks"];

/// A row of the route table.
#[derive(Clone)]
pub struct Endpoint {
    pub method: Method,
    /// With `{name}` for each part that varies, and `{*name}` for any number of them at the end.
    pub path: &'static str,
    pub access: Access,
    pub summary: &'static str,
    pub describe: fn(&mut About<'_>),
}

/// Adds an endpoint of this method to the table.
macro_rules! methods {
    ($($name:ident $METHOD:ident),*) => {$(
        pub(super) fn $name<H, T>(
            self,
            path: &'static str,
            access: Access,
            summary: &'static str,
            handler: H,
        ) -> Self
        where
            H: Handler<T, App> + Signature<T>,
            T: 'static,
        {
            let method = (Method::$METHOD, MethodFilter::$METHOD);
            self.add(method, path, access, summary, handler)
        }
    )*};
}

/// The table, and the router that is made from it.
pub struct Routes {
    app: App,
    router: Router<App>,
    endpoints: Vec<Endpoint>,
    generator: SchemaGenerator,
}

impl Routes {
    pub(super) fn new(app: App) -> Self {
        Self {
            app,
            router: Router::new(),
            endpoints: Vec::new(),
            generator: SchemaGenerator::default(),
        }
    }

    methods!(get GET, post POST, put PUT, delete DELETE);

    fn add<H, T>(
        mut self,
        (method, filter): (Method, MethodFilter),
        path: &'static str,
        access: Access,
        summary: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<T, App> + Signature<T>,
        T: 'static,
    {
        let mut route = on(filter, handler);
        let (takes, answer) = {
            let mut about = About::new(&mut self.generator);
            <H as Signature<T>>::describe(&mut about);
            (Takes::of(path, &method, &about), about.answer)
        };
        if let Some(takes) = takes {
            let strict = middleware::from_fn_with_state((self.app.clone(), takes), strict::check);
            route = route.route_layer(strict);
        }
        if method == Method::PUT {
            let shown = Shown::of(answer, &self.generator);
            route = route.route_layer(Extension(shown));
        }
        if access != Access::Public {
            let guard = middleware::from_fn_with_state((self.app.clone(), access), auth::guard);
            route = route.route_layer(guard);
        }
        let changes_users = !method.is_safe() && USERS.iter().any(|noun| path.starts_with(noun));
        if changes_users {
            let change = middleware::from_fn_with_state(self.app.clone(), auth::change);
            route = route.route_layer(change);
        }
        let any_end = path.contains("{*");
        if !any_end && RECEIVERS.iter().any(|start| path.starts_with(start)) {
            self.router = self.router.route(&format!("{path}/"), route.clone());
        }
        self.router = self.router.route(path, route);
        self.endpoints.push(Endpoint {
            method,
            path,
            access,
            summary,
            describe: <H as Signature<T>>::describe,
        });
        self
    }

    pub(super) fn split(self) -> (Router<App>, Vec<Endpoint>) {
        (self.router, self.endpoints)
    }
}
