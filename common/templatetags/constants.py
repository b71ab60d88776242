"""Django's `translate`, `blocktranslate`, `url` and `static`, for every template: what stays is worked out once.

A page says forty sentences of its own and names twenty addresses (docs/adr/0011).
"""

from django import template
from django.template import Context, defaulttags
from django.template.base import Node, Parser, Token, TokenType
from django.templatetags import i18n
from django.templatetags.static import StaticNode
from django.utils.html import conditional_escape
from django.utils.translation import get_language

from common.addresses import address

register = template.Library()


class Said(Node):
    """A sentence that stands whole in the template itself."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.by_language: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        if language not in self.by_language:
            self.by_language[language] = self.node.render(context)
        return self.by_language[language]


@register.tag
def translate(parser: Parser, token: Token) -> Node:
    node = i18n.do_translate(parser, token)
    what = node.filter_expression
    is_constant = what.var.lookups is None and not what.filters and not node.message_context
    return Said(node) if is_constant and not node.noop and not node.asvar else node


@register.tag
def blocktranslate(parser: Parser, token: Token) -> Node:
    node = i18n.do_block_translate(parser, token)
    varies = node.extra_context or node.countervar or node.message_context or node.asvar
    is_constant = not varies and all(part.token_type is TokenType.TEXT for part in node.singular)
    return Said(node) if is_constant else node


class Address(defaulttags.URLNode):
    def render(self, context: Context) -> str:
        if self.kwargs or self.asvar:
            return super().render(context)
        found = address(self.view_name.resolve(context), *(arg.resolve(context) for arg in self.args))
        return conditional_escape(found) if context.autoescape else found


class Collected(Node):
    """The address of a file of ours, which has one name while a process lives."""

    def __init__(self, node: StaticNode) -> None:
        self.node = node
        self.address = ""

    def render(self, context: Context) -> str:
        self.address = self.address or self.node.render(context)
        return self.address


@register.tag
def static(parser: Parser, token: Token) -> Node:
    node = StaticNode.handle_token(parser, token)
    return node if node.path.is_var or node.path.filters or node.varname else Collected(node)


@register.tag
def url(parser: Parser, token: Token) -> Node:
    node = defaulttags.url(parser, token)
    return Address(node.view_name, node.args, node.kwargs, node.asvar)
