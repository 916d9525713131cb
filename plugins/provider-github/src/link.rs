//! `Link` (RFC 8288): addresses of other pages, with their relations to this one.
//! <https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api>

use push_notify_sdk::http::Response;

/// Whether there is a page after this one; none where the answer does not tell.
pub(crate) fn has_next(answer: &Response) -> Option<bool> {
    let link = answer.header("link")?;
    Some(to(link, "next").is_some())
}

/// The number of the page that stands in this relation.
pub(crate) fn page(answer: &Response, relation: &str) -> Option<String> {
    let target = to(answer.header("link")?, relation)?;
    let (_, query) = target.split_once('?')?;
    let page = query.split('&').find_map(|one| one.strip_prefix("page="))?;
    let is_number = !page.is_empty() && page.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| page.to_owned())
}

fn to<'a>(link: &'a str, relation: &str) -> Option<&'a str> {
    let mut links = link.split(',');
    links.find_map(|link| {
        let (target, parameters) = link.split_once(';')?;
        let is_it = |parameter: &str| {
            let value = parameter.trim().strip_prefix("rel=");
            value.is_some_and(|value| value.trim_matches('"') == relation)
        };
        let target = target.trim().strip_prefix('<')?.strip_suffix('>')?;
        parameters.split(';').any(is_it).then_some(target)
    })
}
