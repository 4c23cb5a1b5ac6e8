/** Functions that run once per request, event or message. */
import { ts } from 'ts-morph';
import { wrapped } from '../../source/nodes.js';
import { calledName } from './fate.js';
import { functionAround, type FunctionNode } from './program-facts.js';

const exported =
  /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|handler|handle|loader|action|middleware|scheduled|fetch|onRequest\w*|getServerSideProps)$/;
const registers =
  /^(?:get|post|put|patch|delete|all|use|route|handle|subscribe|process|consume|query|mutation|action|handler|onRequest|createServer|serve|defineEventHandler|eventHandler|onCall|http|cron|schedule|createFunction|addHook)$/;
const requestTypes =
  /\b(?:Request|NextRequest|IncomingMessage|FastifyRequest|APIGateway\w*Event\w*|SQSEvent|SNSEvent|ScheduledEvent|NextApiRequest|H3Event|RequestEvent|LoaderFunctionArgs|ActionFunctionArgs|HonoRequest)\b/;
const startUp =
  /^(?:constructor|on\w*(?:Init|Bootstrap|Destroy)\w*|init\w*|connect\w*|start\w*|set[uU]p\w*|open\w*|boot\w*|main|run|seed\w*|migrate\w*|create\w*|make\w*|build\w*|get\w*|provide\w*|register\w*|load\w*|before\w*|after\w*)$/;

/** The handler whose call runs this node, or null: start-up code, a factory, a script. */
export function handlerAround(node: ts.Node): FunctionNode | null {
  for (let owner = functionAround(node); owner !== null; owner = functionAround(owner)) {
    if (isHandler(owner)) return owner;
  }
  return null;
}

export function isHandler(node: FunctionNode): boolean {
  const name = nameOfFunction(node);
  if (ts.isMethodDeclaration(node) && ts.isClassLike(node.parent)) {
    return name !== null && !startUp.test(name) && !isStatic(node);
  }
  if (node.parameters.some((one) => one.type !== undefined && requestTypes.test(one.type.getText())))
    return true;
  if (name !== null && exported.test(name) && isExported(node)) return true;
  if (isServerAction(node)) return true;
  const { parent } = wrapped(node as unknown as ts.Expression);
  if (ts.isCallExpression(parent) && parent.arguments.includes(node as unknown as ts.Expression)) {
    const called = calledName(parent);
    const route =
      parent.arguments.length > 1 ||
      /^(?:serve|createServer|defineEventHandler|eventHandler|query|mutation|action|handler|use)$/.test(
        called ?? '',
      );
    return called !== null && registers.test(called) && route && !/^(?:Map|Object|Array)$/.test(called);
  }
  return ts.isNewExpression(parent) && /Worker|Consumer/.test(parent.expression.getText());
}

/** The name under which the function can be called, or null. */
export function nameOfFunction(node: FunctionNode): string | null {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  if (node.name !== undefined) return node.name.getText();
  const { parent } = wrapped(node as unknown as ts.Expression);
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent))
    return parent.name.getText();
  return null;
}

function isStatic(node: FunctionNode): boolean {
  return (
    ts.canHaveModifiers(node) &&
    ts.getModifiers(node)?.some((one) => one.kind === ts.SyntaxKind.StaticKeyword) === true
  );
}

/** Exported by its statement, or a member of what the module exports. */
function isExported(node: FunctionNode): boolean {
  const statement = ts.findAncestor(
    node,
    (one): one is ts.Statement => ts.isStatement(one) && ts.isSourceFile(one.parent),
  );
  if (statement === undefined) return false;
  if (ts.isExportAssignment(statement)) return true;
  return (
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some((one) => one.kind === ts.SyntaxKind.ExportKeyword) === true
  );
}

function isServerAction(node: FunctionNode): boolean {
  const [first] = node.getSourceFile().statements;
  const directive = (one: ts.Node | undefined): boolean =>
    one !== undefined &&
    ts.isExpressionStatement(one) &&
    ts.isStringLiteral(one.expression) &&
    one.expression.text === 'use server';
  if (ts.isBlock(node.body) && directive(node.body.statements[0])) return true;
  return directive(first) && ts.isFunctionDeclaration(node) && isExported(node);
}
