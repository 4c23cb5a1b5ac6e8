/** Names that a value may be by the type that is written where it is declared: `name: 'open' | 'close'`. */
import { ts } from 'ts-morph';

/** Empty when the declaration is in another file, or its type is anything but literals. */
export function declaredNames(identifier: ts.Identifier): readonly string[] {
  for (let scope: ts.Node = identifier.parent; !ts.isSourceFile(scope); scope = scope.parent) {
    const [found] = declarationsIn(scope).filter((one) => binds(one.name, identifier.text));
    if (found === undefined) continue;
    const type = found.type && memberType(found.name, found.type, identifier.text);
    return type === undefined ? [] : literalsOf(type, 0);
  }
  return [];
}

type Declared = ts.ParameterDeclaration | ts.VariableDeclaration;

function declarationsIn(scope: ts.Node): readonly Declared[] {
  if (ts.isFunctionLike(scope)) return scope.parameters;
  if (!ts.isBlock(scope)) return [];
  return scope.statements.flatMap((one) =>
    ts.isVariableStatement(one) ? [...one.declarationList.declarations] : [],
  );
}

function binds(pattern: ts.BindingName, name: string): boolean {
  if (ts.isIdentifier(pattern)) return pattern.text === name;
  return pattern.elements.some((one) => ts.isBindingElement(one) && binds(one.name, name));
}

/** The type of the name itself, or of the property that a pattern takes it from. */
function memberType(pattern: ts.BindingName, type: ts.TypeNode, name: string): ts.TypeNode | undefined {
  if (ts.isIdentifier(pattern)) return type;
  const element = pattern.elements.find(
    (one) => ts.isBindingElement(one) && ts.isIdentifier(one.name) && one.name.text === name,
  );
  if (element === undefined || !ts.isBindingElement(element)) return undefined;
  const key = (element.propertyName ?? element.name).getText();
  const members = ts.isTypeLiteralNode(type) ? type.members : [];
  const member = members.find((one) => ts.isPropertySignature(one) && one.name.getText() === key);
  return member !== undefined && ts.isPropertySignature(member) ? member.type : undefined;
}

/** All members have to be literals; an alias of the same file stands for its type. */
function literalsOf(type: ts.TypeNode, depth: number): readonly string[] {
  if (ts.isParenthesizedTypeNode(type)) return literalsOf(type.type, depth);
  if (ts.isLiteralTypeNode(type)) return ts.isStringLiteral(type.literal) ? [type.literal.text] : [];
  if (ts.isUnionTypeNode(type)) {
    const members = type.types.map((one) => literalsOf(one, depth));
    return members.every((one) => one.length > 0) ? members.flat() : [];
  }
  if (!ts.isTypeReferenceNode(type) || depth > 4) return [];
  const name = type.typeName.getText();
  const alias = type
    .getSourceFile()
    .statements.find((one) => ts.isTypeAliasDeclaration(one) && one.name.text === name);
  return alias !== undefined && ts.isTypeAliasDeclaration(alias) ? literalsOf(alias.type, depth + 1) : [];
}
