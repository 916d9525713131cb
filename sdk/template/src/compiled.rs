//! A template from its source to what can be rendered, and the rendering.

use super::{
    calls::{self, Calls},
    check, data,
    error::{self, Fault, Part, TemplateError},
    functions, markdown,
    meter::{Run, Stop},
    names::{self, Names},
    sample::sample_data,
    text::Text,
    weave,
};
use gotmpl::{
    Value,
    parse::{DefineNode, ListNode, Parser, SmolStr},
};
use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

/// The longest source of a title or content, in bytes.
const MAX_SOURCE: usize = 64 * 1024;

/// The longest text that is rendered, in bytes.
pub(super) const MAX_BODY: usize = 256 * 1024;

/// The longest title, in characters.
const MAX_TITLE: usize = 500;

/// What a text ends with that was cut.
const ELLIPSIS: char = '…';

/// The template's title and content, parsed and checked. Renders any number of times, from any
/// thread.
pub struct Template {
    title: Program,
    content: Program,
    variables: Vec<String>,
    unknown: Option<TemplateError>,
}

/// What a template makes of the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line of at most 500 characters.
    pub title: String,
    /// At most 256 KiB.
    pub body: String,
}

struct Program {
    engine: gotmpl::Template,
    /// The name of the text itself among its named templates.
    main: String,
}

/// A text, and what of it had to be left out.
struct Output {
    text: String,
    cut: Option<&'static str>,
}

impl Template {
    /// Parses both texts, of at most 64 KiB each, and renders them once with [`sample_data`] and
    /// once with no data.
    ///
    /// # Errors
    /// The first fault that is found: in the syntax, a name that does not exist, a text that cannot
    /// be rendered with the sample data, or one that goes beyond a limit with either. A fault that
    /// only shows without data is let pass (`{{gt .FileCount 3}}` needs a number).
    pub fn parse(title: &str, content: &str) -> Result<Self, TemplateError> {
        Self::parse_for(title, content, &sample_data())
    }

    /// As [`Template::parse`], for other data than a message has.
    ///
    /// # Errors
    /// As [`Template::parse`].
    pub fn parse_for(
        title: &str,
        content: &str,
        sample: &serde_json::Value,
    ) -> Result<Self, TemplateError> {
        let template = Self::parse_untried(title, content, sample)?;
        let sample = data::value(sample);
        let try_out =
            |program: &Program, part| program.try_out(&sample).map_err(|fault| fault.of(part));
        try_out(&template.title, Part::Title)?;
        try_out(&template.content, Part::Content)?;
        Ok(template)
    }

    /// As [`Template::parse_for`], without rendering anything: for data of which nothing is known.
    ///
    /// # Errors
    /// The first fault in the syntax, or a name that does not exist.
    pub fn parse_untried(
        title: &str,
        content: &str,
        sample: &serde_json::Value,
    ) -> Result<Self, TemplateError> {
        let (title, names) =
            Program::parse(title, sample).map_err(|fault| fault.of(Part::Title))?;
        let (content, more) =
            Program::parse(content, sample).map_err(|fault| fault.of(Part::Content))?;
        let mut variables = names.used;
        for name in more.used {
            if !variables.contains(&name) {
                variables.push(name);
            }
        }
        let of_title = names.unknown.map(|fault| fault.of(Part::Title));
        let of_content = more.unknown.map(|fault| fault.of(Part::Content));
        Ok(Self {
            title,
            content,
            variables,
            unknown: of_title.or(of_content),
        })
    }

    /// The names that the texts take from the data itself (`RepoName` for `{{.RepoName}}`), those
    /// of the title first, in the order of their first use, each once.
    pub fn variables(&self) -> Vec<String> {
        self.variables.clone()
    }

    /// The template, if it takes no variable from its data that the sample has not. For one that
    /// somebody writes: one that is stored is rendered all the same.
    ///
    /// # Errors
    /// The first variable that there is not, with the nearest that there is.
    pub fn known(self) -> Result<Self, TemplateError> {
        match self.unknown {
            Some(unknown) => Err(unknown),
            None => Ok(self),
        }
    }

    /// Renders the texts with `data`, an object. A text that grows beyond its limit is cut and ends
    /// in `…`: whoever writes a commit message must not be able to prevent the notification about
    /// it.
    ///
    /// # Errors
    /// The data is of a type that the template does not expect: a number's order asked of a string,
    /// a position that a list does not have.
    pub fn render(&self, data: &serde_json::Value) -> Result<Rendered, TemplateError> {
        let data = data::value(data);
        self.render_parts(&data, &data)
    }

    /// Renders a message in Markdown from values that strangers wrote: in the body they cannot make
    /// markup of their own; the title is plain text and has them as they are. No control characters
    /// are in the title, and no NUL in the body.
    ///
    /// # Errors
    /// As [`Template::render`].
    pub fn render_message(&self, data: &serde_json::Value) -> Result<Rendered, TemplateError> {
        self.render_calling(data, &Arc::default())
    }

    /// As [`Template::render_message`], with people to call in the body. The title only names them.
    ///
    /// # Errors
    /// As [`Template::render`].
    pub fn render_calling(
        &self,
        data: &serde_json::Value,
        calls: &Arc<Calls>,
    ) -> Result<Rendered, TemplateError> {
        let data = data::value(data);
        let title = self.part(&self.title, Part::Title, &data)?;
        let body = || self.part(&self.content, Part::Content, &markdown::marked(&data));
        let (body, called) = calls::during(calls, body);
        let mut rendered = Rendered {
            title: one_line(&title),
            body: body?,
        };
        rendered.title.retain(|c| !c.is_control());
        rendered.body.retain(|c| c != '\0');
        rendered.body = markdown::finished(rendered.body);
        let missing = calls.asked.iter().filter_map(|asked| {
            let place = asked.place.filter(|place| !called.contains(place))?;
            let name = markdown::escape_markdown(&asked.name);
            Some(format!("[{name}](mention:{place})"))
        });
        let missing: Vec<String> = missing.collect();
        if !missing.is_empty() {
            let body = rendered.body.trim_end();
            let above = if body.is_empty() { "" } else { "\n\n" };
            rendered.body = format!("{body}{above}{}", missing.join(" "));
        }
        if rendered.body.len() > MAX_BODY {
            end(&mut rendered.body);
        }
        Ok(rendered)
    }

    fn render_parts(&self, title: &Value, body: &Value) -> Result<Rendered, TemplateError> {
        Ok(Rendered {
            title: one_line(&self.part(&self.title, Part::Title, title)?),
            body: self.part(&self.content, Part::Content, body)?,
        })
    }

    fn part(&self, program: &Program, part: Part, data: &Value) -> Result<String, TemplateError> {
        let output = program.run(data).map_err(|fault| fault.of(part))?;
        Ok(output.text)
    }
}

impl Program {
    fn parse(source: &str, sample: &serde_json::Value) -> Result<(Self, Names), Fault> {
        if source.len() > MAX_SOURCE {
            return Err(Fault::whole(format!(
                "longer than {} KiB",
                MAX_SOURCE / 1024
            )));
        }
        let source = check::check(source)?;
        let (main, defines) = caught(|| Parser::new(&source, "{{", "}}").and_then(Parser::parse))?
            .map_err(error::from_parser)?;
        let names = names::check(&main, &defines, sample)?;
        let program = Self::assemble(main, defines)?;
        Ok((program, names))
    }

    fn assemble(main: ListNode, defines: Vec<DefineNode>) -> Result<Self, Fault> {
        let mut bodies = BTreeMap::<SmolStr, ListNode>::new();
        for define in defines {
            // As in Go, a body of white space only does not count as a definition.
            match bodies.get(&define.name) {
                Some(body) if !body.is_empty_tree() && define.body.is_empty_tree() => {}
                Some(body) if !body.is_empty_tree() => {
                    let line = u32::try_from(define.pos.line).unwrap_or(0);
                    return Err(Fault::at(
                        line,
                        format!("template {:?} is defined twice", define.name),
                    ));
                }
                _ => {
                    bodies.insert(define.name, define.body);
                }
            }
        }
        let mut name = String::from("main");
        while bodies.contains_key(name.as_str()) {
            name.push('\'');
        }
        bodies.insert(name.as_str().into(), main);
        let mut engine = gotmpl::Template::new("").funcs(functions::table());
        for (name, mut body) in bodies {
            weave::weave(&mut body);
            engine = engine.add_parse_tree(&name, body);
        }
        Ok(Self { engine, main: name })
    }

    /// The dry runs: what is refused when a template is saved, although it is well formed.
    fn try_out(&self, sample: &Value) -> Result<(), Fault> {
        let nothing = data::value(&serde_json::Value::Object(serde_json::Map::new()));
        let with_sample = self.run(sample)?.cut;
        let with_nothing = self.run(&nothing).ok().and_then(|output| output.cut);
        match with_sample.or(with_nothing) {
            Some(limit) => Err(Fault::whole(limit)),
            None => Ok(()),
        }
    }

    fn run(&self, data: &Value) -> Result<Output, Fault> {
        let mut out = Text::new(MAX_BODY);
        let run = Run::start(data);
        let result = caught(|| self.engine.execute_template_fmt(&mut out, &self.main, data))?;
        let cut = match (result, run.stop()) {
            (Ok(()), _) => None,
            (Err(_), _) if out.is_full() => Some("more than 256 KiB are written"),
            (Err(gotmpl::TemplateError::RecursionLimit), _) => {
                Some("the named templates call each other too deeply")
            }
            (Err(_), Stop::Exhausted) => Some("too many steps are needed"),
            (Err(_), Stop::Refused(fault)) => return Err(fault),
            (Err(error), Stop::Elsewhere { line }) => {
                return Err(error::from_executor(error, line));
            }
        };
        let mut text = out.into_string();
        if cut.is_some() {
            end(&mut text);
        }
        Ok(Output { text, cut })
    }
}

/// gotmpl is written not to panic; should it do so, the fault is the template's and not the
/// server's.
fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|_| Fault::whole("the template engine failed on this template"))
}

/// Cuts the text to the limit, and shows that it is cut.
fn end(text: &mut String) {
    text.truncate(text.floor_char_boundary(MAX_BODY - ELLIPSIS.len_utf8()));
    text.push(ELLIPSIS);
}

fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len().min(4 * MAX_TITLE));
    for (index, part) in text
        .trim()
        .split(['\r', '\n'])
        .filter(|part| !part.is_empty())
        .enumerate()
    {
        if index > 0 {
            line.push(' ');
        }
        line.push_str(part);
    }
    if let Some((end, _)) = line.char_indices().nth(MAX_TITLE) {
        let last = line[..end]
            .char_indices()
            .next_back()
            .map_or(0, |(at, _)| at);
        line.truncate(last);
        line.push(ELLIPSIS);
    }
    line
}
