/** Constants, spelled as in the body. */
import type { Literal } from '../../3-parse/expression.js';
import { bind, fragment, type Fragment } from '../fragment.js';
import { stringConstant } from '../identifiers.js';
import { unsupported } from '../untranslatable.js';

export function literal(node: Literal): Fragment {
  if (node.literal === 'bit') return unsupported('a bit string constant');
  const text = node.literal === 'string' ? stringConstant(node.text) : node.text;
  return fragment(text.startsWith('-') ? bind.sign : bind.atom, text);
}

export function nullLiteral(): Fragment {
  return fragment(bind.atom, 'null');
}
