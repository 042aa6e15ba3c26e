/* SPDX-License-Identifier: MIT */
/* What those who call an interface, and those who change it, will be glad of. */
#include "lint/linter.h"

static void check_doc(linter *l, const ast_node *node)
{
    if (node->doc_len == 0)
        lint_report(l, LINT_DOC_MISSING, node->place,
                    "%s '%s' has no description: a comment that begins with /// before it", ast_kind_name(node->kind),
                    node->scoped);
}

static void check_zero(linter *l, const ast_node *node)
{
    const ast_list *list = &node->enumeration.enumerators;
    for (size_t i = 0; i < list->len; i++) {
        if (list->at[i]->enumerator.value == 0)
            return;
    }
    lint_report(l, LINT_ENUM_ZERO, node->place,
                "no enumerator of '%s' has the value 0: what is cleared or new in C holds none of them", node->scoped);
}

static void check_booleans(linter *l, const ast_node *node)
{
    const ast_list *list = &node->operation.params;
    unsigned count = 0;
    for (size_t i = 0; i < list->len; i++) {
        const ast_param *param = &list->at[i]->param;
        count += param->direction != AST_OUT && ast_type_resolve(param->type)->kind == AST_TYPE_BOOLEAN;
    }
    if (count > 1)
        lint_report(l, LINT_BOOLEAN_PARAMETERS, node->place,
                    "%u booleans are given to '%s', and no call shows which is which; an enum or a bitmask does", count,
                    node->scoped);
}

void lint_habits(linter *l, const ast_node *node)
{
    switch (node->kind) {
    case AST_EXCEPTION:
        if (!node->notes->has_fault)
            lint_report(l, LINT_FAULT_IMPLICIT, node->place,
                        "exception '%s' has the code %d only by its position in the file; write @fault(n)",
                        node->scoped, (int)node->exception.fault);
        check_doc(l, node);
        break;
    case AST_ENUM:
        check_zero(l, node);
        check_doc(l, node);
        break;
    case AST_OPERATION:
        check_booleans(l, node);
        check_doc(l, node);
        break;
    case AST_INTERFACE:
    case AST_ATTRIBUTE:
    case AST_STRUCT:
    case AST_UNION:
    case AST_BITMASK: check_doc(l, node); break;
    default: break;
    }
    if (node->notes->deprecated && !node->notes->deprecated_text)
        lint_report(l, LINT_DEPRECATED_WHY, node->place,
                    "'%s' is @deprecated, but not why: @deprecated(\"use ...\")", node->scoped);
}
