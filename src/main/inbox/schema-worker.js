// @ts-check
import { Validator } from './vendor/json-schema.js';

/** Most of what can be wrong is wrong in one place. */
const MOST = 20;
/** Messages quote schemas and paths quote names, both as long as anybody likes. */
const LONG = 300;

onmessage = ({ data: { asked, schema, text } }) => {
  try {
    /** @type {{ keyword: string, instanceLocation: string, error: string }[]} */
    const errors = new Validator(JSON.parse(schema), '2020-12', false).validate(JSON.parse(text)).errors;
    const causes = errors.filter(error => !REPEATS.includes(error.keyword));
    const told = (causes.length > 0 ? causes : errors).slice(0, MOST);
    postMessage({ asked, errors: told.map(error => ({ path: error.instanceLocation.replace(/^#/, '').slice(0, LONG), message: error.error.slice(0, LONG) })) });
  } catch {
    postMessage({ asked, errors: [], unchecked: true }); // a schema that isn't understood here
  }
};

/** Keywords that only repeat that something inside them is wrong. */
const REPEATS = ['properties', 'patternProperties', 'items', 'prefixItems', 'allOf', '$ref', '$dynamicRef', 'false'];
