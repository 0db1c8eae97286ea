//! What each construct becomes, whole.

use insta::assert_snapshot;

use super::super::{Author, Options, render};
use super::{persian, staff, visitor};

fn html(markdown: &str) -> String {
    staff(markdown).html.into_string()
}

#[test]
fn common_markdown() {
    assert_snapshot!(html("A *stressed* and **strong** `word`, ~~gone~~.\nNext line\\\nbroken.\n\n> Quoted\n\n1. one\n2. two\n   - in\n\n7. seven\n\n---\n\n    indented <code>\n"), @r#"
    <p>A <em>stressed</em> and <strong>strong</strong> <code>word</code>, <del>gone</del>.
    Next line<br>
    broken.</p>
    <blockquote>
    <p>Quoted</p>
    </blockquote>
    <ol>
    <li><p>one</p>
    </li>
    <li><p>two</p>
    <ul>
    <li>in</li>
    </ul>
    </li>
    <li><p>seven</p>
    </li>
    </ol>
    <hr>
    <pre dir="ltr"><code>indented &lt;code&gt;
    </code></pre>
    "#);
}

#[test]
fn tables_align_by_class_and_name_their_columns() {
    assert_snapshot!(html("| a | b | c | d |\n|---|:--|:-:|--:|\n| 1 | 2 | 3 | `x \\| y` |\n"), @r#"
    <table><thead><tr><th scope="col">a</th><th scope="col" class="align-left">b</th><th scope="col" class="align-center">c</th><th scope="col" class="align-right">d</th></tr></thead><tbody>
    <tr><td>1</td><td class="align-left">2</td><td class="align-center">3</td><td class="align-right"><code>x | y</code></td></tr>
    </tbody></table>
    "#);
}

#[test]
fn task_lists_have_boxes_that_nobody_can_tick() {
    assert_snapshot!(html("- [x] done\n- [ ] open\n- <input type=text name=q><input type=checkbox onclick=x()> odd\n"), @r#"
    <ul>
    <li><input type="checkbox" disabled="" checked=""> done</li>
    <li><input type="checkbox" disabled=""> open</li>
    <li><input type="checkbox" disabled=""> odd</li>
    </ul>
    "#);
}

#[test]
fn footnotes_stand_at_the_end_in_the_order_they_are_mentioned() {
    assert_snapshot!(html("One[^b], two[^a], again[^b].\n\n[^a]: First *note*.\n[^b]: Second note.\n\n    Its code.\n[^c]: Never mentioned.\n"), @r##"
    <p>One<sup class="footnote-ref"><a href="#fn-1" role="doc-noteref" id="fnref-1">1</a></sup>, two<sup class="footnote-ref"><a href="#fn-2" role="doc-noteref" id="fnref-2">2</a></sup>, again<sup class="footnote-ref"><a href="#fn-1" role="doc-noteref" id="fnref-1-2">1</a></sup>.</p>
    <section class="footnotes" role="doc-endnotes">
    <ol>
    <li id="fn-1"><p>Second note.</p>
    <p>Its code. <a class="footnote-back" href="#fnref-1" role="doc-backlink">↩︎</a> <a class="footnote-back" href="#fnref-1-2" role="doc-backlink">↩︎</a></p></li>
    <li id="fn-2"><p>First <em>note</em>. <a class="footnote-back" href="#fnref-2" role="doc-backlink">↩︎</a></p></li>
    <li id="fn-3"><p>Never mentioned.</p></li>
    </ol>
    </section>
    "##);
}

#[test]
fn headings_get_a_place_in_any_script_and_no_place_twice() {
    let rendered = staff(concat!(
        "## What's new in 1.0?\n\n## دو زبان، می‌خواهم\n\n### Notes\n\n### Notes\n\n### Given {#here .wide}\n\n",
        "## `Vec<T>` & co\n\n## 北京 2024\n\n## हिन्दी में\n\n## !!!\n\n> ## Quoted\n\n## user-x\n",
    ));
    assert_snapshot!(rendered.html, @r##"
    <h2 id="what-s-new-in-1-0">What's new in 1.0?<a class="anchor" href="#what-s-new-in-1-0" aria-hidden="true" tabindex="-1"></a></h2>
    <h2 id="دو-زبان-می-خواهم" dir="rtl">دو زبان، می‌خواهم<a class="anchor" href="#دو-زبان-می-خواهم" aria-hidden="true" tabindex="-1"></a></h2>
    <h3 id="notes">Notes<a class="anchor" href="#notes" aria-hidden="true" tabindex="-1"></a></h3>
    <h3 id="notes-1">Notes<a class="anchor" href="#notes-1" aria-hidden="true" tabindex="-1"></a></h3>
    <h3 id="here" class="wide">Given<a class="anchor" href="#here" aria-hidden="true" tabindex="-1"></a></h3>
    <h2 id="vec-t-co"><code>Vec&lt;T&gt;</code> &amp; co<a class="anchor" href="#vec-t-co" aria-hidden="true" tabindex="-1"></a></h2>
    <h2 id="北京-2024">北京 2024<a class="anchor" href="#北京-2024" aria-hidden="true" tabindex="-1"></a></h2>
    <h2 id="हिन्दी-में">हिन्दी में<a class="anchor" href="#हिन्दी-में" aria-hidden="true" tabindex="-1"></a></h2>
    <h2 id="section">!!!<a class="anchor" href="#section" aria-hidden="true" tabindex="-1"></a></h2>
    <blockquote>
    <h2 id="quoted">Quoted<a class="anchor" href="#quoted" aria-hidden="true" tabindex="-1"></a></h2>
    </blockquote>
    <h2 id="user-x">user-x<a class="anchor" href="#user-x" aria-hidden="true" tabindex="-1"></a></h2>
    "##);
    let outline: Vec<_> =
        rendered.outline.iter().map(|item| format!("{} {} = {}", item.level, item.id, item.title)).collect();
    assert_snapshot!(outline.join("\n"), @r"
    2 what-s-new-in-1-0 = What's new in 1.0?
    2 دو-زبان-می-خواهم = دو زبان، می‌خواهم
    3 notes = Notes
    3 notes-1 = Notes
    3 here = Given
    2 vec-t-co = Vec<T> & co
    2 北京-2024 = 北京 2024
    2 हिन्दी-में = हिन्दी में
    2 section = !!!
    2 user-x = user-x
    ");
}

#[test]
fn headings_begin_below_the_title_of_the_page_and_leave_no_level_out() {
    assert_snapshot!(html("# Title\n\n## Part\n\n###### Deep\n\n<h1>Again</h1>\n"), @r##"
    <h2 id="title">Title<a class="anchor" href="#title" aria-hidden="true" tabindex="-1"></a></h2>
    <h3 id="part">Part<a class="anchor" href="#part" aria-hidden="true" tabindex="-1"></a></h3>
    <h4 id="deep">Deep<a class="anchor" href="#deep" aria-hidden="true" tabindex="-1"></a></h4>
    <h2 id="again">Again<a class="anchor" href="#again" aria-hidden="true" tabindex="-1"></a></h2>
    "##);
    assert_snapshot!(html("## Part\n\n### Section\n"), @r##"
    <h2 id="part">Part<a class="anchor" href="#part" aria-hidden="true" tabindex="-1"></a></h2>
    <h3 id="section">Section<a class="anchor" href="#section" aria-hidden="true" tabindex="-1"></a></h3>
    "##);
    let levels = |text: &str| -> Vec<u8> { staff(text).outline.iter().map(|item| item.level).collect() };
    assert_eq!(levels("### a\n\n### b\n\n##### c\n\n## d\n\n### e\n"), [2, 2, 3, 2, 3]);
    assert_eq!(levels("## a\n\n#### b\n\n### c\n\n#### d\n"), [2, 3, 3, 4]);
    assert_eq!(levels("# a\n\n## b\n\n### c\n\n#### d\n\n##### e\n\n###### f\n"), [2, 3, 4, 5, 6, 6]);
}

#[test]
fn typed_identifiers_are_set_apart_and_links_to_them_follow() {
    assert_snapshot!(html("[a](#config) [b](#notes) [c](#old) [d](#%D8%B3) [e](#nowhere)\n\n<div id=\"config\">x</div><a name=old></a><p id=\"س\">y</p><p id=\"config\">z</p><p id='a b'>w</p>\n\n## Notes\n"), @r##"
    <p><a href="#user-config">a</a> <a href="#notes">b</a> <a href="#user-old">c</a> <a href="#user-س">d</a> <a href="#nowhere">e</a></p>
    <div id="user-config">x</div><a id="user-old"></a><p id="user-س">y</p><p>z</p><p>w</p>
    <h2 id="notes">Notes<a class="anchor" href="#notes" aria-hidden="true" tabindex="-1"></a></h2>
    "##);
}

#[test]
fn html_of_our_list_stays_and_the_rest_goes() {
    assert_snapshot!(html(concat!(
        "<details open><summary>More</summary>\n\n*Inside*\n\n</details>\n\n",
        "<figure class=\"wide evil\"><img src=\"/media/0123456789abcdef/a.png\" width=300px height=20><figcaption>Cap</figcaption></figure>\n\n",
        "<kbd>Ctrl</kbd> <abbr title=\"HyperText\">HTML</abbr> H<sub>2</sub>O x<sup>2</sup> <mark>m</mark> <del datetime=2026-01-01>d</del> <ins>i</ins>\n\n",
        "<dl><dt>T</dt><dd>D</dd></dl>\n\n<aside class=\"callout tip\">Tip</aside>\n\n",
        "<center><font color=red>old</font></center>\n\n",
        "<p style=\"color:red\" onclick=\"x()\" data-x=1 align=right>styled</p>\n\n",
        "<progress value=3 max=x></progress> <ol type=a start=3 reversed><li value=5>v</li></ol>\n",
    )), @r#"
    <details open=""><summary>More</summary>
    <p><em>Inside</em></p>
    </details>
    <figure class="wide"><img src="/media/0123456789abcdef/a.png" height="20" alt=""><figcaption>Cap</figcaption></figure>
    <p><kbd>Ctrl</kbd> <abbr title="HyperText">HTML</abbr> H<sub>2</sub>O x<sup>2</sup> <mark>m</mark> <del datetime="2026-01-01">d</del> <ins>i</ins></p>
    <dl><dt>T</dt><dd>D</dd></dl>
    <aside class="callout tip">Tip</aside>
    old
    <p>styled</p>
    <p><progress value="3"></progress> </p><ol type="a" start="3" reversed=""><li value="5">v</li></ol>
    "#);
}

#[test]
fn nothing_a_reader_should_see_is_lost_in_a_tag() {
    assert_snapshot!(html("A Vec<String> and a <script> tag, <T: Copy>, a <!-- hidden --> comment & <title> too.\n\nNext paragraph.\n"), @r"
    <p>A Vec&lt;String&gt; and a &lt;script&gt; tag, &lt;T: Copy&gt;, a  comment &amp; &lt;title&gt; too.</p>
    <p>Next paragraph.</p>
    ");
    assert_snapshot!(html("<script>\nlet a = \"<p>\";\n</script>\n<style>p{}</style><svg><path d=1></svg><noscript><img src=a.png alt=A></noscript>\n\nafter\n"), @r#"

    <img src="a.png" alt="A">
    <p>after</p>
    "#);
}

#[test]
fn a_visitor_has_basic_formatting_and_nothing_more() {
    assert_snapshot!(visitor(concat!(
        "# Loud\n\nI <b onclick=x()>like</b> Vec<String> & <img src=x onerror=y> [this](https://example.org/?a=1&b=2 \"t\"), ",
        "[that](/about), [no](javascript:x), [entry](entry:4), ![pic](https://img.example/a.png), ![](https://img.example/b.png)\n\n",
        "<div id=x class=y>block</div>\n\n- [ ] task[^1]\n\n[^1]: no notes\n\n```rust\nfn main() {}\n```\n\n",
        "https://youtu.be/dQw4w9WgXcQ\n\n| a |\n|--:|\n| 1 |\n",
    )).html, @r#"
    <p><strong>Loud</strong></p>
    <p>I <b>like</b> Vec&lt;String&gt; &amp; &lt;img src=x onerror=y&gt; <a href="https://example.org/?a=1&amp;b=2" rel="nofollow ugc noopener">this</a>, <a href="/about" rel="nofollow ugc noopener">that</a>, <a>no</a>, <a>entry</a>, <a href="https://img.example/a.png" rel="nofollow ugc noopener">pic</a>, <a href="https://img.example/b.png" rel="nofollow ugc noopener">https://img.example/b.png</a></p>
    <p>&lt;div id=x class=y&gt;block&lt;/div&gt;</p>
    <ul>
    <li><input type="checkbox" disabled=""> task[^1]</li>
    </ul>
    <p>[^1]: no notes</p>
    <pre dir="ltr"><code class="language-rust"><span class="hl-keyword">fn</span> <span class="hl-function">main</span>() {}
    </code></pre>
    <p>https://youtu.be/dQw4w9WgXcQ</p>
    <table><thead><tr><th scope="col" class="align-right">a</th></tr></thead><tbody>
    <tr><td class="align-right">1</td></tr>
    </tbody></table>
    "#);
}

#[test]
fn links_keep_known_schemes_and_say_how_they_relate() {
    assert_snapshot!(html(concat!(
        "[1](https://example.org) [2](HTTP://Example.org/ü) [3](mailto:a@b.example) <c@d.example> [4](tel:+982166701872) ",
        "[5](/path/س?a=b#c) [6](#frag) [7](file.html) [8](../up/file.md) [9](entry:42#part) [10](entry:042)\n\n",
        "[a](javascript:alert(1)) [b](data:text/html,x) [c](//host/x) [d](\\\\\\\\host) [e](/\\host) [f](vbscript:x) [g](entry:x) [h](entry:0) ",
        "[i](java&#10;script:x) [j](&#1;javascript:x) [k](ftp://x.example/) [l](file:///etc/passwd) [m]()\n\n",
        "<a href=https://shop.example rel=\"sponsored opener\">n</a> <a href=/x rel=nofollow target=_blank>o</a>\n",
    )), @r##"
    <p><a href="https://example.org/" rel="noopener">1</a> <a href="http://example.org/%C3%BC" rel="noopener">2</a> <a href="mailto:a@b.example">3</a> <a href="mailto:c@d.example">c@d.example</a> <a href="tel:+982166701872">4</a> <a href="/path/س?a=b#c">5</a> <a href="#frag">6</a> <a href="file.html">7</a> <a href="../up/file.md">8</a> <a href="entry:42#part">9</a> <a href="entry:42">10</a></p>
    <p><a>a</a> <a>b</a> <a>c</a> <a>d</a> <a>e</a> <a>f</a> <a>g</a> <a>h</a> <a>i</a> <a>j</a> <a>k</a> <a>l</a> <a>m</a></p>
    <p><a href="https://shop.example/" rel="sponsored noopener">n</a> <a href="/x" rel="nofollow">o</a></p>
    "##);
}

#[test]
fn images_of_the_site_are_sized_and_load_late_and_others_are_links() {
    let images = [("/media/0123456789abcdef/a.png", (800, 600)), ("b.jpg", (1000, 500))];
    let images = images.into_iter().map(|(src, size)| (src.to_owned(), size)).collect();
    let rendered = render(
        concat!(
            "![First *one*](/media/0123456789abcdef/a.png \"Title\")\n\n![Second](b.jpg)\n\n![Unknown](/c.png)\n\n",
            "<img src=b.jpg width=200> <img src=b.jpg height=50> <img src=b.jpg width=7 height=9>\n\n",
            "![Foreign](https://img.example/x.png) ![](https://img.example/dir/y.png?z)\n\n",
            "[![build](https://badge.example/b.svg)](https://ci.example/)\n\n![data](data:image/png;base64,AAAA) ![odd](//img.example/z.png) ![](javascript:x)\n",
        ),
        &Options { author: Author::Staff, rtl: false, images: &images },
    );
    assert_snapshot!(rendered.html, @r#"
    <p><img src="/media/0123456789abcdef/a.png" title="Title" alt="First one" width="800" height="600"></p>
    <p><img src="b.jpg" alt="Second" width="1000" height="500" loading="lazy" decoding="async"></p>
    <p><img src="/c.png" alt="Unknown" loading="lazy" decoding="async"></p>
    <p><img src="b.jpg" width="200" alt="" height="100" loading="lazy" decoding="async"> <img src="b.jpg" height="50" alt="" width="100" loading="lazy" decoding="async"> <img src="b.jpg" width="7" height="9" alt="" loading="lazy" decoding="async"></p>
    <p><a href="https://img.example/x.png" rel="noopener">Foreign</a> <a href="https://img.example/dir/y.png?z" rel="noopener">y.png</a></p>
    <p><a href="https://ci.example/" rel="noopener">build</a></p>
    <p>data odd </p>
    "#);
    assert_snapshot!(format!("{:#?}", rendered.images), @r#"
    [
        InlineImage {
            src: "/media/0123456789abcdef/a.png",
            alt: "First one",
        },
        InlineImage {
            src: "b.jpg",
            alt: "Second",
        },
        InlineImage {
            src: "/c.png",
            alt: "Unknown",
        },
        InlineImage {
            src: "b.jpg",
            alt: "",
        },
        InlineImage {
            src: "b.jpg",
            alt: "",
        },
        InlineImage {
            src: "b.jpg",
            alt: "",
        },
    ]
    "#);
    assert_snapshot!(rendered.links.join("\n"), @r"
    https://img.example/x.png
    https://img.example/dir/y.png?z
    https://ci.example/
    ");
}

#[test]
fn a_lone_video_link_is_a_facade_that_asks_nobody() {
    assert_snapshot!(html(concat!(
        "<https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=1m5s>\n\nhttps://youtu.be/dQw4w9WgXcQ\n\n[The *talk*](https://vimeo.com/123456789)\n\n",
        "<iframe src=\"//www.youtube-nocookie.com/embed/dQw4w9WgXcQ?start=30\" title='A \"talk\"' allowfullscreen></iframe>\n\n",
        "<iframe src=\"https://player.vimeo.com/video/123456789\"></iframe>\n",
    )), @r#"
    <figure class="video" data-provider="youtube" data-id="dQw4w9WgXcQ" data-start="65"><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ&amp;t=65s" rel="noopener">YouTube</a></figure>
    <figure class="video" data-provider="youtube" data-id="dQw4w9WgXcQ"><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ" rel="noopener">YouTube</a></figure>
    <figure class="video" data-provider="vimeo" data-id="123456789"><a href="https://vimeo.com/123456789" rel="noopener">The <em>talk</em></a></figure>
    <figure class="video" data-provider="youtube" data-id="dQw4w9WgXcQ" data-start="30"><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ&amp;t=30s" rel="noopener">A "talk"</a></figure>
    <figure class="video" data-provider="vimeo" data-id="123456789"><a href="https://vimeo.com/123456789" rel="noopener">Vimeo</a></figure>
    "#);
}

#[test]
fn what_is_no_lone_video_stays_a_link() {
    assert_snapshot!(html(concat!(
        "See <https://youtu.be/dQw4w9WgXcQ> now\n\n<https://youtu.be/short>\n\n[x](https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ)\n\n",
        "<https://vimeo.com/about>\n\n[a](https://youtu.be/dQw4w9WgXcQ) [b](https://youtu.be/dQw4w9WgXcQ)\n\n",
        "<iframe src=\"https://play.example/?x=1&y=2\" title=Playground></iframe>\n\n<iframe src=\"javascript:x\"></iframe><iframe srcdoc=\"<script>x</script>\"></iframe>\n",
    )), @r#"
    <p>See <a href="https://youtu.be/dQw4w9WgXcQ" rel="noopener">https://youtu.be/dQw4w9WgXcQ</a> now</p>
    <p><a href="https://youtu.be/short" rel="noopener">https://youtu.be/short</a></p>
    <p><a href="https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ" rel="noopener">x</a></p>
    <p><a href="https://vimeo.com/about" rel="noopener">https://vimeo.com/about</a></p>
    <p><a href="https://youtu.be/dQw4w9WgXcQ" rel="noopener">a</a> <a href="https://youtu.be/dQw4w9WgXcQ" rel="noopener">b</a></p>
    <a href="https://play.example/?x=1&amp;y=2" rel="noopener">Playground</a>
    "#);
}

#[test]
fn code_is_coloured_by_class() {
    assert_snapshot!(html(concat!(
        "```rust,no_run\n// A comment\nfn main() -> Result<(), Error> {\n    let x: u32 = 42; println!(\"hi {x}\");\n}\n```\n\n",
        "```toml\n[package.'a b'] # note\nname = \"x\\\"y\"\nok = true\nn = [1, \"a\"]\n```\n\n",
        "```console\n$ cargo run --release \\\n  --quiet\nHello <world>\n```\n\n",
        "```diff\n-old\n+new\n```\n\n```text\n<plain>\n```\n\n```klingon\nqapla\n```\n\n",
        "<pre>\n\nraw <b>bold</b></pre>\n\n<pre><code class=\"language-json evil\">{\"a\": 1}</code></pre>\n",
    )), @r#"
    <pre dir="ltr"><code class="language-rust"><span class="hl-comment">// A comment</span>
    <span class="hl-keyword">fn</span> <span class="hl-function">main</span>() -&gt; Result&lt;(), Error&gt; {
        <span class="hl-keyword">let</span> x: <span class="hl-keyword">u32</span> = <span class="hl-number">42</span>; <span class="hl-function">println!</span>(<span class="hl-string">"hi</span> <span class="hl-constant">{x}</span><span class="hl-string">"</span>);
    }
    </code></pre>
    <pre dir="ltr"><code class="language-toml"><span class="hl-type">[package.'a b']</span> <span class="hl-comment"># note</span>
    <span class="hl-attribute">name</span> = <span class="hl-string">"x\"y"</span>
    <span class="hl-attribute">ok</span> = <span class="hl-constant">true</span>
    <span class="hl-attribute">n</span> = [<span class="hl-number">1</span>, <span class="hl-string">"a"</span>]
    </code></pre>
    <pre dir="ltr"><code class="language-console"><span class="hl-prompt">$</span> <span class="hl-function">cargo</span> run <span class="hl-variable">--release</span> \
      <span class="hl-variable">--quiet</span>
    <span class="hl-output">Hello &lt;world&gt;</span>
    </code></pre>
    <pre dir="ltr"><code class="language-diff"><span class="hl-deleted">-old</span>
    <span class="hl-inserted">+new</span>
    </code></pre>
    <pre dir="ltr"><code class="language-text">&lt;plain&gt;
    </code></pre>
    <pre dir="ltr"><code class="language-klingon">qapla
    </code></pre>
    <pre dir="ltr">

    raw <b>bold</b></pre>
    <pre dir="ltr"><code class="language-json">{<span class="hl-string">"a"</span>: <span class="hl-number">1</span>}</code></pre>
    "#);
}

#[test]
fn every_language_that_we_name_is_coloured() {
    for (language, code) in [
        ("rust", "fn a() {}"),
        ("toml", "a = 1"),
        ("sh", "echo \"a\""),
        ("shell", "echo \"a\""),
        ("bash", "if true; then a; fi"),
        ("console", "$ ls"),
        ("json", "{\"a\": 1}"),
        ("html", "<p class=\"a\">"),
        ("css", "a { color: red }"),
        ("js", "let a = 1;"),
        ("ts", "let a = 1;"),
        ("python", "def a(): pass"),
        ("yaml", "a: \"b\""),
        ("diff", "+a"),
        ("SQL", "SELECT 1"),
        ("c", "int a = 1;"),
        ("cpp", "int a = 1;"),
        ("go", "func a() {}"),
    ] {
        let html = html(&format!("```{language}\n{code}\n```"));
        assert!(html.contains("<span class=\"hl-"), "{language}: {html}");
    }
}

#[test]
fn code_too_long_to_colour_stays_plain_and_whole() {
    let long = "let a = 1;\n".repeat(6000);
    let wide = "a ".repeat(1100);
    for code in [long, wide] {
        let html = html(&format!("```rust\n{code}\n```"));
        assert!(!html.contains("<span"));
        assert!(html.contains(code.trim_end()));
    }
}

#[test]
fn each_block_reads_in_its_own_direction() {
    let text = concat!(
        "## سلام\n\nسلام Hello\n\nHello سلام\n\n`code` متن فارسی\n\n123 שלום\n\n- یک\n- two\n\n> نقل\n>\n> quote\n\n",
        "| a | ب |\n|---|---|\n| پ | d |\n\n```\nمتن\n```\n\n<p dir=ltr>سلام <bdi>x</bdi></p>\n",
    );
    assert_snapshot!(html(text), @r##"
    <h2 id="سلام" dir="rtl">سلام<a class="anchor" href="#سلام" aria-hidden="true" tabindex="-1"></a></h2>
    <p dir="rtl">سلام Hello</p>
    <p>Hello سلام</p>
    <p dir="rtl"><code dir="ltr">code</code> متن فارسی</p>
    <p dir="rtl">123 שלום</p>
    <ul dir="rtl">
    <li>یک</li>
    <li dir="ltr">two</li>
    </ul>
    <blockquote dir="rtl">
    <p>نقل</p>
    <p dir="ltr">quote</p>
    </blockquote>
    <table><thead><tr><th scope="col">a</th><th scope="col" dir="rtl">ب</th></tr></thead><tbody>
    <tr><td dir="rtl">پ</td><td>d</td></tr>
    </tbody></table>
    <pre dir="ltr"><code>متن
    </code></pre>
    <p dir="ltr">سلام <bdi>x</bdi></p>
    "##);
    assert_snapshot!(persian(text).html, @r##"
    <h2 id="سلام">سلام<a class="anchor" href="#سلام" aria-hidden="true" tabindex="-1"></a></h2>
    <p>سلام Hello</p>
    <p dir="ltr">Hello سلام</p>
    <p><code dir="ltr">code</code> متن فارسی</p>
    <p>123 שלום</p>
    <ul>
    <li>یک</li>
    <li dir="ltr">two</li>
    </ul>
    <blockquote>
    <p>نقل</p>
    <p dir="ltr">quote</p>
    </blockquote>
    <table dir="ltr"><thead><tr><th scope="col">a</th><th scope="col" dir="rtl">ب</th></tr></thead><tbody>
    <tr><td dir="rtl">پ</td><td>d</td></tr>
    </tbody></table>
    <pre dir="ltr"><code>متن
    </code></pre>
    <p dir="ltr">سلام <bdi>x</bdi></p>
    "##);
}
