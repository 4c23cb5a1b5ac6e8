/** What the type of a client's answer says of its data, which may be more than the database does. */
import { ts } from 'ts-morph';

export interface ClaimedTypes {
  /** `string`, `number` or `boolean` where the data itself is said to be one and never null. */
  readonly value: string | null;
  /** Keys of the rows that are said to be never null. */
  readonly columns: readonly string[];
}

/** Null where the type says nothing. @param request gives `{ data, error }`, or (`thrown`) the data alone. */
export function claimedTypes(
  checker: ts.TypeChecker,
  request: ts.Expression,
  thrown: boolean,
): ClaimedTypes | null {
  const answer = checker.getAwaitedType(checker.getTypeAtLocation(request));
  const data = answer === undefined || thrown ? answer : dataOf(checker, answer, request);
  if (data === undefined || !says(data) || mayBeNull(data)) return null;
  const row = checker.getIndexTypeOfType(data, ts.IndexKind.Number) ?? data;
  const columns = checker.getPropertiesOfType(row).flatMap((property) => {
    const type = checker.getTypeOfSymbolAtLocation(property, request);
    return says(type) && !mayBeNull(type) ? [property.name] : [];
  });
  const text = checker.typeToString(checker.getBaseTypeOfLiteralType(data));
  const value = /^(?:string|number|boolean)$/.test(text) ? text : null;
  return value === null && (data.flags & ts.TypeFlags.Object) === 0 ? null : { value, columns };
}

/** Of the member whose `error` is null; the other has no data. */
function dataOf(checker: ts.TypeChecker, answer: ts.Type, place: ts.Node): ts.Type | undefined {
  const typeOf = (member: ts.Type, name: string): ts.Type | undefined => {
    const property = checker.getPropertyOfType(member, name);
    return property && checker.getTypeOfSymbolAtLocation(property, place);
  };
  const members = answer.isUnion() ? answer.types : [answer];
  const success = members.find((member) => ((typeOf(member, 'error')?.flags ?? 0) & ts.TypeFlags.Null) !== 0);
  return success && typeOf(success, 'data');
}

function says(type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.Never)) === 0;
}

function mayBeNull(type: ts.Type): boolean {
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((part) => (part.flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined)) !== 0);
}
