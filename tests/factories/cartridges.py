"""Small course packages, built in memory: every version, and whatever can be wrong with one."""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

Content = str | bytes

WEB_LINK = {"1.0": "imswl_xmlv1p0", "1.1": "imswl_xmlv1p1", "1.2": "imswl_xmlv1p2"}
TOPIC = {"1.0": "imsdt_xmlv1p0", "1.1": "imsdt_xmlv1p1", "1.2": "imsdt_xmlv1p2"}
QUIZ_XML = (
    '<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2">'
    '<assessment ident="a1" title="{title}"><section ident="s"><item ident="q1"/></section>'
    "</assessment></questestinterop>"
)


def namespace(version: str) -> str:
    if version == "1.0":
        return "http://www.imsglobal.org/xsd/imscc/imscp_v1p1"
    return f"http://www.imsglobal.org/xsd/imsccv1p{version[-1]}/imscp_v1p1"


def item(identifier: str, title: str | None = "", ref: str = "", inside: str = "") -> str:
    """One <item>; `title=None` leaves the title out."""
    reference = f" identifierref={quoteattr(ref)}" if ref else ""
    name = "" if title is None else f"<title>{escape(title)}</title>"
    return f"<item identifier={quoteattr(identifier)}{reference}>{name}{inside}</item>"


def resource(identifier: str, kind: str, *files: str, inside: str = "", **attributes: str) -> str:
    """One <resource> with a <file> for each of `files`."""
    named = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    listed = "".join(f"<file href={quoteattr(name)}/>" for name in files)
    return f"<resource identifier={quoteattr(identifier)} type={quoteattr(kind)}{named}>{inside}{listed}</resource>"


def lom(title: str, language: str = "", description: str = "", version: str = "1.1") -> str:
    """LOM as each version writes it: 1.0 says <langstring>, the others <string>."""
    tag, attribute = ("langstring", "xml:lang") if version == "1.0" else ("string", "language")
    mark = f' {attribute}="{language}"' if language else ""
    parts = [f"<title><{tag}{mark}>{escape(title)}</{tag}></title>"] if title else []
    if description:
        parts.append(f"<description><{tag}>{escape(description)}</{tag}></description>")
    return f"<lom><general>{''.join(parts)}</general></lom>"


@dataclass
class Cartridge:
    """A package under construction. The short methods add an item, its resource and its file."""

    version: str = "1.1"
    title: str = "Rivers"
    language: str = "en-GB"
    description: str = ""
    schema: str = "IMS Common Cartridge"
    items: list[str] = field(default_factory=list)
    resources: list[str] = field(default_factory=list)
    files: dict[str, Content] = field(default_factory=dict)
    identifier: str = "rivers-101"
    has_root: bool = True

    def page(self, name: str, body: str = "<p>Water</p>", title: str | None = None) -> Cartridge:
        self.items.append(item(f"i-{name}", name if title is None else title, f"r-{name}"))
        return self.page_resource(name, body)

    def page_resource(self, name: str, body: str = "<p>Water</p>") -> Cartridge:
        path = f"pages/{name}.html"
        self.resources.append(resource(f"r-{name}", "webcontent", path, href=path))
        self.files[path] = f"<html><head><title>{name}</title></head><body>{body}</body></html>"
        return self

    def file(self, name: str, content: Content = b"%PDF", listed: bool = True) -> Cartridge:
        if listed:
            self.items.append(item(f"i-{name}", name, f"r-{name}"))
        self.resources.append(resource(f"r-{name}", "webcontent", name, href=name))
        self.files[name] = content
        return self

    def link(self, name: str, url: str = "https://example.org/") -> Cartridge:
        self.items.append(item(f"i-{name}", name, f"r-{name}"))
        kind = WEB_LINK.get(self.version, "imswl_xmlv1p3")
        self.resources.append(resource(f"r-{name}", kind, f"{name}.xml"))
        self.files[f"{name}.xml"] = f"<webLink><title>{name}</title><url href={quoteattr(url)}/></webLink>"
        return self

    def topic(self, name: str, text: str = "Say hello", form: str = "text/html", more: str = "") -> Cartridge:
        self.items.append(item(f"i-{name}", name, f"r-{name}"))
        kind = TOPIC.get(self.version, "imsdt_xmlv1p3")
        self.resources.append(resource(f"r-{name}", kind, f"{name}.xml"))
        self.files[f"{name}.xml"] = (
            f"<topic><title>{name}</title><text texttype={quoteattr(form)}>{escape(text)}</text>{more}</topic>"
        )
        return self

    def quiz(self, name: str, kind: str = "assessment", listed: bool = True) -> Cartridge:
        if listed:
            self.items.append(item(f"i-{name}", name, f"r-{name}"))
        type_ = f"imsqti_xmlv1p2/imscc_xmlv1p{self.version[-1]}/{kind}"
        self.resources.append(resource(f"r-{name}", type_, f"{name}/quiz.xml"))
        self.files[f"{name}/quiz.xml"] = QUIZ_XML.format(title=name)
        return self

    def tool(self, name: str) -> Cartridge:
        self.items.append(item(f"i-{name}", name, f"r-{name}"))
        self.resources.append(resource(f"r-{name}", "imsbasiclti_xmlv1p0", f"{name}.xml"))
        self.files[f"{name}.xml"] = (
            '<cartridge_basiclti_link xmlns:blti="http://www.imsglobal.org/xsd/imsbasiclti_v1p0">'
            f"<blti:title>{name}</blti:title></cartridge_basiclti_link>"
        )
        return self

    def assignment(self, name: str) -> Cartridge:
        self.items.append(item(f"i-{name}", name, f"r-{name}"))
        self.resources.append(resource(f"r-{name}", "assignment_xmlv1p0", f"{name}.xml"))
        self.files[f"{name}.xml"] = f"<assignment><title>{name}</title></assignment>"
        return self

    def module(self, title: str, identifier: str = "") -> Cartridge:
        """Put the items added so far, and not yet in a module, into one."""
        loose = [one for one in self.items if not one.startswith("<!--module-->")]
        done = [one for one in self.items if one.startswith("<!--module-->")]
        name = identifier or f"m-{title}"
        self.items = [*done, "<!--module-->" + item(name, title, inside="".join(loose))]
        return self

    def manifest(self) -> str:
        inside = "".join(self.items)
        root = item("root", None, inside=inside) if self.has_root else inside
        about = lom(self.title, self.language, self.description, self.version)
        return (
            '<?xml version="1.0" encoding="UTF-8"?>'
            f'<manifest identifier="{self.identifier}" xmlns="{namespace(self.version)}">'
            f"<metadata><schema>{self.schema}</schema>"
            f"<schemaversion>{self.version}.0</schemaversion>{about}</metadata>"
            f'<organizations><organization identifier="o" structure="rooted-hierarchy">{root}'
            f"</organization></organizations><resources>{''.join(self.resources)}</resources>"
            "</manifest>"
        )

    def all_files(self) -> dict[str, Content]:
        return {"imsmanifest.xml": self.manifest(), **self.files}

    def save(self, folder: Path, name: str = "course.imscc") -> Path:
        return write_zip(folder / name, self.all_files())


def write_zip(path: Path, files: dict[str, Content], store: bool = False) -> Path:
    path.write_bytes(zip_bytes(files, store))
    return path


def zip_bytes(files: dict[str, Content], store: bool = False) -> bytes:
    buffer = io.BytesIO()
    method = zipfile.ZIP_STORED if store else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(_info(name, method), content)
    return buffer.getvalue()


def _info(name: str, method: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("x", date_time=(2024, 1, 1, 0, 0, 0))
    info.filename = info.orig_filename = name  # set later, so that NUL and ".." survive
    info.compress_type = method
    info.external_attr = 0o644 << 16
    return info


def symlink(name: str, target: str) -> bytes:
    """A package with a symbolic link in it."""
    buffer = io.BytesIO(zip_bytes(Cartridge().page("a").all_files()))
    with zipfile.ZipFile(buffer, "a") as archive:
        info = _info(name, zipfile.ZIP_STORED)
        info.create_system = 3
        info.external_attr = 0o120777 << 16
        archive.writestr(info, target)
    return buffer.getvalue()


def records(data: bytes) -> list[int]:
    """Where each record of the central directory begins."""
    start = struct.unpack_from("<L", data, data.rfind(b"PK\x05\x06") + 16)[0]
    found = []
    while data[start : start + 4] == b"PK\x01\x02":
        found.append(start)
        name, extra, comment = struct.unpack_from("<HHH", data, start + 28)
        start += 46 + name + extra + comment
    return found


def patched(data: bytes, index: int, offset: int, form: str, value: int) -> bytes:
    """The archive with one field of one central record overwritten."""
    changed = bytearray(data)
    struct.pack_into(form, changed, records(data)[index] + offset, value)
    return bytes(changed)


FLAGS, METHOD, PACKED_SIZE, SIZE, HEADER_AT = 8, 10, 20, 24, 42


def overlapping(copies: int = 50) -> bytes:
    """Many names for one and the same piece of data, as in Fifield's bomb."""
    files: dict[str, Content] = dict(Cartridge().page("a").all_files())
    files |= {f"copy-{number}": b"0" * 1000 for number in range(copies)}
    data = zip_bytes(files)
    at = [struct.unpack_from("<L", data, record + HEADER_AT)[0] for record in records(data)]
    for index in range(3, len(at)):
        data = patched(data, index, HEADER_AT, "<L", at[2])
    return data


@dataclass
class CanvasCourse:
    """A Canvas export: a cartridge whose course_settings/ know more than its manifest."""

    title: str = "Rivers"
    modules: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)  # of the module being built
    file_meta: list[str] = field(default_factory=list)
    rubrics: list[str] = field(default_factory=list)
    settings: str = "<locale>en-GB</locale>"
    cartridge: Cartridge = field(default_factory=lambda: Cartridge(version="1.3", title=""))

    def entry(self, identifier: str, kind: str, title: str, ref: str = "", **more: str) -> None:
        values = {"workflow_state": "active", "indent": "0", **more}
        inner = "".join(f"<{key}>{escape(value)}</{key}>" for key, value in values.items())
        reference = f"<identifierref>{ref}</identifierref>" if ref else ""
        self.items.append(
            f'<item identifier="{identifier}"><content_type>{kind}</content_type>'
            f"<title>{escape(title)}</title>{reference}{inner}</item>"
        )

    def wiki(self, slug: str, body: str = "<p>Water</p>", state: str = "active") -> None:
        path = f"wiki_content/{slug}.html"
        self.cartridge.resources.append(resource(f"p-{slug}", "webcontent", path, href=path))
        self.cartridge.files[path] = (
            f'<html><head><title>{slug}</title><meta name="identifier" content="p-{slug}"/>'
            f'<meta name="workflow_state" content="{state}"/></head><body>{body}</body></html>'
        )

    def topic(self, name: str, text: str = "<p>Say hello</p>", **settings: str) -> None:
        """A topic as Canvas writes it: its settings in a resource that it depends on."""
        meta = f"{name}-meta.xml"
        inner = "".join(f"<{key}>{escape(value)}</{key}>" for key, value in settings.items())
        depends = f'<dependency identifierref="tm-{name}"/>'
        kind = "associatedcontent/imscc_xmlv1p3/learning-application-resource"
        self.cartridge.resources += [
            resource(f"t-{name}", "imsdt_xmlv1p3", f"{name}.xml", inside=depends),
            resource(f"tm-{name}", kind, meta, href=meta),
        ]
        self.cartridge.files |= {
            f"{name}.xml": f'<topic><title>{name}</title><text texttype="text/html">{escape(text)}</text></topic>',
            meta: f'<topicMeta identifier="tm-{name}"><topic_id>t-{name}</topic_id>{inner}</topicMeta>',
        }

    def assignment(self, name: str, body: str = "<p>Write</p>", **settings: str) -> None:
        """An assignment as Canvas writes it: a page, and settings beside it."""
        page, own = f"a-{name}/{name}.html", f"a-{name}/assignment_settings.xml"
        inner = "".join(f"<{key}>{escape(value)}</{key}>" for key, value in settings.items())
        kind = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
        self.cartridge.resources.append(resource(f"a-{name}", kind, page, own, href=page))
        self.cartridge.files |= {
            page: f"<html><head><title>Assignment: {name}</title></head><body>{body}</body></html>",
            own: f'<assignment identifier="a-{name}"><title>{name}</title>{inner}</assignment>',
        }

    def rubric(self, identifier: str, criteria: dict[str, dict[str, str]], more: str = "") -> None:
        """Criteria by their names, each with its levels and what they are worth."""
        inner = "".join(
            f"<criterion><criterion_id>c_{number}</criterion_id><description>{escape(name)}</description>"
            f"<long_description>&lt;p&gt;About {escape(name)}&lt;/p&gt;</long_description>{more}<ratings>"
            + "".join(
                f"<rating><description>{escape(title)}</description><points>{points}</points><id>r_{at}</id></rating>"
                for at, (title, points) in enumerate(levels.items())
            )
            + "</ratings></criterion>"
            for number, (name, levels) in enumerate(criteria.items())
        )
        self.rubrics.append(f'<rubric identifier="{identifier}"><criteria>{inner}</criteria></rubric>')

    def upload(self, name: str, content: Content = b"GIF89a", **meta: str) -> None:
        path = f"web_resources/{name}"
        self.cartridge.resources.append(resource(f"f-{name}", "webcontent", path, href=path))
        self.cartridge.files[path] = content
        if meta:
            inner = "".join(f"<{key}>{value}</{key}>" for key, value in meta.items())
            self.file_meta.append(f'<file identifier="f-{name}">{inner}</file>')

    def quiz(self, name: str) -> None:
        """A quiz as Canvas writes it: settings and full questions in a resource beside it."""
        own, meta = f"{name}/assessment_qti.xml", f"{name}/assessment_meta.xml"
        full = f"non_cc_assessments/{name}.xml.qti"
        self.cartridge.resources += [
            resource(
                f"q-{name}",
                "imsqti_xmlv1p2/imscc_xmlv1p3/assessment",
                own,
                inside=f'<dependency identifierref="qm-{name}"/>',
            ),
            resource(
                f"qm-{name}",
                "associatedcontent/imscc_xmlv1p3/learning-application-resource",
                meta,
                full,
                href=meta,
            ),
        ]
        self.cartridge.files |= {
            own: QUIZ_XML.format(title=name),
            meta: f"<quiz><title>{name}</title></quiz>",
            full: QUIZ_XML.format(title=name),
        }

    def module(self, identifier: str, title: str, state: str = "active", more: str = "") -> None:
        self.modules.append(
            f'<module identifier="{identifier}"><title>{escape(title)}</title>'
            f"<workflow_state>{state}</workflow_state>"
            f"<position>{len(self.modules) + 1}</position>{more}"
            f"<items>{''.join(self.items)}</items></module>"
        )
        self.items = []

    def save(self, folder: Path) -> Path:
        files = {
            "course_settings/canvas_export.txt": "Q: What did the panda say?",
            "course_settings/course_settings.xml": (f"<course><title>{self.title}</title>{self.settings}</course>"),
            "course_settings/module_meta.xml": f"<modules>{''.join(self.modules)}</modules>",
            "course_settings/files_meta.xml": (f"<fileMeta><files>{''.join(self.file_meta)}</files></fileMeta>"),
        }
        if self.rubrics:
            files["course_settings/rubrics.xml"] = f"<rubrics>{''.join(self.rubrics)}</rubrics>"
        self.cartridge.resources.append(
            resource(
                "settings",
                "associatedcontent/imscc_xmlv1p3/learning-application-resource",
                *files,
                href="course_settings/canvas_export.txt",
            )
        )
        self.cartridge.files |= files
        return self.cartridge.save(folder)
