/** Calls that wait for something outside the database: requests, queues, payments, mail, timers. */
import { ts } from 'ts-morph';
import { unwrap } from '../../source/nodes.js';
import { calleeOf } from './callees.js';
import { forEachExecuted } from './executed.js';
import { chainFrom, fateOf } from './fate.js';
import { importOf, moduleName, packageOfDeclaration, packageOfSymbol, symbolOf } from './packages.js';
import { isInside, remember, type FunctionNode, type ProgramFacts } from './program-facts.js';

const outside: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:axios|got|ky|node-fetch|undici|superagent|request-promise|needle|cross-fetch|ofetch|graphql-request|wretch|@supabase\/functions-js)$/,
    'a request',
  ],
  [
    /^(?:bullmq|bull|bee-queue|amqplib|amqp-connection-manager|kafkajs|@confluentinc\/kafka-javascript|inngest|@trigger\.dev\/sdk|@upstash\/qstash|nats|mqtt)$/,
    'a queue',
  ],
  [/^(?:stripe|@paypal\/.*|braintree|square|@adyen\/.*|@mollie\/api-client|razorpay)$/, 'a payment provider'],
  [
    /^(?:nodemailer|resend|postmark|mailgun\.js|mailgun-js|@sendgrid\/.*|twilio|@mailchimp\/.*|@slack\/.*)$/,
    'a message provider',
  ],
  [
    /^(?:@aws-sdk\/client-.*|aws-sdk|@google-cloud\/.*|@azure\/.*|firebase-admin|openai|@anthropic-ai\/sdk)$/,
    'a remote service',
  ],
];

export interface IoCall {
  /** The call that is awaited. */
  readonly node: ts.CallExpression;
  /** `a request`, as a phrase. */
  readonly what: string;
  /** Names of the functions between the call and what waits. */
  readonly through: readonly string[];
}

/** What the function waits for outside the database while it runs, in text order. */
export function ioCalls(facts: ProgramFacts, owner: FunctionNode): readonly IoCall[] {
  return remember<readonly IoCall[]>(facts, 'io', owner, () => collect(facts, owner), []);
}

function collect(facts: ProgramFacts, owner: FunctionNode): readonly IoCall[] {
  const found: IoCall[] = [];
  forEachExecuted(facts, owner, (node) => {
    const timer = timerOf(node);
    if (timer !== null) {
      const fate = fateOf(facts, timer);
      const parent = timer.parent;
      const call = ts.isCallExpression(parent) ? parent : null;
      if (fate !== 'dropped' && call === null)
        found.push({ node: timer as unknown as ts.CallExpression, what: 'a timer', through: [] });
      return 'skip';
    }
    if (!ts.isCallExpression(node)) return undefined;
    const fate = fateOf(facts, chainFrom(node));
    const waited = fate === 'awaited' || fate === 'returned' || fate === 'given';
    if (!waited) return undefined;
    const what = waitsFor(facts, node);
    if (what !== null) {
      found.push({ node, what, through: [] });
      return 'skip';
    }
    const callee = calleeOf(facts, node);
    if (callee === null || callee === owner || isInside(callee, owner)) return undefined;
    const [first] = ioCalls(facts, callee);
    if (first !== undefined) {
      const name = node.expression.getText().replaceAll(/\s+/g, '');
      found.push({ node, what: first.what, through: [name, ...first.through] });
    }
    return undefined;
  });
  return found;
}

/** What the call itself waits for, or null. */
function waitsFor(facts: ProgramFacts, call: ts.CallExpression): string | null {
  if (calleeOf(facts, call) !== null) return null;
  if (!isPromise(facts, call)) return null;
  const callee = unwrap(call.expression);
  if (isGlobalFetch(facts, callee)) return 'a request';
  const imported = importOf(facts, callee);
  if (imported !== null && /^(?:node:)?timers\/promises$/.test(imported.module)) return 'a timer';
  const from = packageOf(facts, call);
  if (from === null) return null;
  return outside.find(([names]) => names.test(from))?.[1] ?? null;
}

function isPromise(facts: ProgramFacts, call: ts.CallExpression): boolean {
  const type = facts.checker.getTypeAtLocation(call);
  return (type.flags & ts.TypeFlags.Any) !== 0 || type.getProperty('then') !== undefined || type.isUnion();
}

function packageOf(facts: ProgramFacts, call: ts.CallExpression): string | null {
  const declaration = facts.checker.getResolvedSignature(call)?.declaration;
  const declared = declaration === undefined ? null : packageOfDeclaration(declaration);
  if (declared !== null && declared !== 'lib') return declared;
  const byName = packageOfSymbol(symbolOf(facts, unwrap(call.expression)));
  if (byName !== null && byName !== 'lib') return byName;
  for (let at: ts.Expression = unwrap(call.expression); ;) {
    const imported = importOf(facts, at);
    if (imported !== null) return moduleName(imported.module);
    if (!ts.isPropertyAccessExpression(at) && !ts.isCallExpression(at)) return null;
    at = unwrap(at.expression);
  }
}

function isGlobalFetch(facts: ProgramFacts, callee: ts.Expression): boolean {
  const name =
    ts.isPropertyAccessExpression(callee) && /^(?:globalThis|window|self)$/.test(callee.expression.getText())
      ? callee.name
      : callee;
  if (!ts.isIdentifier(name) || name.text !== 'fetch') return false;
  const declarations = facts.checker.getSymbolAtLocation(name)?.declarations ?? [];
  return declarations.every(
    (one) => packageOfDeclaration(one) !== null || one.getSourceFile().isDeclarationFile,
  );
}

/** `new Promise((resolve) => setTimeout(resolve, n))`. */
function timerOf(node: ts.Node): ts.NewExpression | null {
  if (!ts.isNewExpression(node) || node.expression.getText() !== 'Promise') return null;
  const [executor] = node.arguments ?? [];
  return executor !== undefined && /^[^;]*\bsetTimeout\s*\(/.test(executor.getText()) ? node : null;
}
