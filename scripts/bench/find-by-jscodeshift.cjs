/**
 * The same search as a jscodeshift transform that changes nothing: `.execute(…)` and `.query(…)` with a string,
 * a template or an object's `text` that calls a routine. `--names` is the list, separated by commas.
 */
module.exports = function findCalls(file, { jscodeshift: j, report }, { names }) {
  const call = new RegExp(`\\b(${names.split(',').join('|')})\\s*\\(`);
  j(file.source)
    .find(j.CallExpression, { callee: { type: 'MemberExpression' } })
    .forEach(({ node }) => {
      if (!['execute', 'query'].includes(node.callee.property.name)) return;
      const routine = call.exec(textOf(node.arguments[0]))?.[1];
      const { line, column } = node.loc.start;
      if (routine !== undefined) report(`${line}:${column + 1} ${routine}`);
    });
  return undefined;
};

module.exports.parser = 'tsx';

function textOf(node) {
  switch (node?.type) {
    case 'StringLiteral':
      return node.value;
    case 'TemplateLiteral':
      return node.quasis.map((quasi) => quasi.value.raw).join('$1');
    case 'TaggedTemplateExpression':
      return textOf(node.quasi);
    case 'ObjectExpression':
      return textOf(node.properties.find((property) => property.key?.name === 'text')?.value);
    default:
      return '';
  }
}
