/* SPDX-License-Identifier: MIT */
/* The tree: questions about it. */
#include "front/ast.h"

const ast_type *ast_type_resolve(const ast_type *type)
{
    while (type->kind == AST_TYPE_NAMED && type->def->kind == AST_TYPEDEF)
        type = type->def->alias.type;
    return type;
}

bool ast_type_is_bytes(const ast_type *type)
{
    type = ast_type_resolve(type);
    return type->kind == AST_TYPE_SEQUENCE && ast_type_resolve(type->element)->kind == AST_TYPE_UINT8;
}

bool ast_type_is_integer(ast_type_kind kind)
{
    return kind >= AST_TYPE_INT8 && kind <= AST_TYPE_UINT64;
}

bool ast_type_is_scalar(const ast_type *type)
{
    type = ast_type_resolve(type);
    if (type->kind == AST_TYPE_NAMED)
        return type->def->kind == AST_ENUM || type->def->kind == AST_BITMASK;
    return type->kind >= AST_TYPE_BOOLEAN && type->kind <= AST_TYPE_WCHAR;
}

bool ast_range_of(const ast_node *node, const ast_value **ret_min, const ast_value **ret_max)
{
    for (;;) {
        *ret_min = node->notes->min;
        *ret_max = node->notes->max;
        if (*ret_min || *ret_max)
            return true;
        const ast_type *type = ast_node_type(node);
        if (!type || type->kind != AST_TYPE_NAMED || type->def->kind != AST_TYPEDEF)
            return false;
        node = type->def;
    }
}

const char *ast_kind_name(ast_kind kind)
{
    static const char *const names[] = { [AST_MODULE] = "module",
                                         [AST_INTERFACE] = "interface",
                                         [AST_OPERATION] = "operation",
                                         [AST_ATTRIBUTE] = "attribute",
                                         [AST_PARAM] = "parameter",
                                         [AST_STRUCT] = "struct",
                                         [AST_MEMBER] = "member",
                                         [AST_EXCEPTION] = "exception",
                                         [AST_UNION] = "union",
                                         [AST_ARM] = "member",
                                         [AST_ENUM] = "enum",
                                         [AST_ENUMERATOR] = "enumerator",
                                         [AST_BITMASK] = "bitmask",
                                         [AST_BIT] = "bit",
                                         [AST_TYPEDEF] = "typedef",
                                         [AST_CONST] = "constant",
                                         [AST_FORWARD] = "forward declaration",
                                         [AST_NATIVE] = "built-in type",
                                         [AST_ANNOTATION] = "annotation",
                                         [AST_UNSUPPORTED] = "unsupported type" };
    return names[kind];
}

const ast_type *ast_node_type(const ast_node *node)
{
    switch (node->kind) {
    case AST_MEMBER: return node->member.type;
    case AST_PARAM: return node->param.type;
    case AST_ARM: return node->arm.type;
    case AST_TYPEDEF: return node->alias.type;
    case AST_CONST: return node->constant.type;
    case AST_ATTRIBUTE: return node->attribute.type;
    case AST_OPERATION: return node->operation.result;
    default: return NULL;
    }
}

const ast_list *ast_node_parts(const ast_node *node)
{
    switch (node->kind) {
    case AST_STRUCT:
        return &node->structure.members;
    case AST_EXCEPTION:
        return &node->exception.members;
    case AST_UNION:
        return &node->union_.arms;
    case AST_ENUM:
        return &node->enumeration.enumerators;
    case AST_BITMASK:
        return &node->bitmask.bits;
    case AST_OPERATION:
        return &node->operation.params;
    default:
        return NULL;
    }
}
