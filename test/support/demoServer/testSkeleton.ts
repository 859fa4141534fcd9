import type { CodeView } from './codeView.ts';
import { type Declaration, isCallable } from './declaration.ts';
import type { Parameter } from './parameters.ts';
import { spoken } from './phrases.ts';

/** A file of tests for the functions of the code, in the usual framework of its language; undefined without any. */
export function testSkeleton(
  view: CodeView,
): { readonly code: string; readonly framework: string } | undefined {
  const subjects = view.declarations.filter((one) => isCallable(one) && testable(one)).slice(0, 3);
  if (subjects.length === 0) return undefined;
  switch (view.block.language.family) {
    case 'script':
      return { code: scriptTests(view, subjects), framework: 'node:test' };
    case 'python':
      return { code: pythonTests(view, subjects), framework: 'pytest' };
    case 'go':
      return { code: goTests(subjects), framework: 'the testing package' };
    case 'rust':
      return { code: rustTests(subjects), framework: 'cargo test' };
    case 'java':
      return { code: javaTests(view, subjects), framework: 'JUnit 5' };
    case 'c':
      return { code: cTests(subjects), framework: 'assert.h' };
    case 'plain':
      return undefined;
  }
}

/** The functions that the tests call: three at most. */
export function testSubjects(view: CodeView): readonly Declaration[] {
  return view.declarations.filter((one) => isCallable(one) && testable(one)).slice(0, 3);
}

function testable(declaration: Declaration): boolean {
  return !/^(?:constructor|main|__\w+__|#)/u.test(declaration.name) && declaration.name !== declaration.owner;
}

function scriptTests(view: CodeView, subjects: readonly Declaration[]): string {
  const typescript = view.block.language.fence.startsWith('ts');
  const module = moduleName(view, 'example');
  const names = [...new Set(subjects.map((subject) => subject.owner ?? subject.name))];
  const cases = subjects.map((subject) => {
    const wait = subject.isAsync || subject.result?.startsWith('Promise') === true;
    const target = subject.owner === undefined ? subject.name : `subject.${subject.name}`;
    const setUp =
      subject.owner === undefined ? '' : `  const subject = new ${subject.owner}(/* what it needs */);\n`;
    const values = subject.parameters.map((parameter) => sample(parameter, 'script')).join(', ');
    const nothing = ['void', 'Promise<void>'].includes(subject.result ?? '');
    const call = `${wait ? 'await ' : ''}${target}(${values})`;
    const check = nothing
      ? `  ${call};\n  // TODO: check what has changed`
      : `  const result = ${call};\n  assert.notEqual(result, undefined); // TODO: the value you expect`;
    return `test('${spoken(subject.name)}', ${wait ? 'async ' : ''}() => {\n${setUp}${check}\n});`;
  });
  return [
    "import assert from 'node:assert/strict';",
    "import { test } from 'node:test';",
    `import { ${names.join(', ')} } from './${module}.${typescript ? 'ts' : 'js'}';`,
    '',
    cases.join('\n\n'),
  ].join('\n');
}

function pythonTests(view: CodeView, subjects: readonly Declaration[]): string {
  const names = [...new Set(subjects.map((subject) => subject.owner ?? subject.name))];
  const cases = subjects.map((subject) => {
    const values = subject.parameters
      .filter((one) => !one.name.startsWith('**'))
      .map((one) => sample(one, 'python'));
    const target = subject.owner === undefined ? subject.name : `${subject.owner}(...).${subject.name}`;
    const call = `${subject.isAsync ? 'await ' : ''}${target}(${values.join(', ')})`;
    const mark = subject.isAsync ? '@pytest.mark.asyncio\nasync ' : '';
    const name = subject.name.replace(/^_+/u, '');
    return `${mark}def test_${name}():\n    result = ${call}\n    assert result is not None  # TODO: the value you expect`;
  });
  return [
    ...(subjects.some((subject) => subject.isAsync) ? ['import pytest', ''] : []),
    `from ${moduleName(view, 'example')} import ${names.join(', ')}`,
    '',
    '',
    cases.join('\n\n\n'),
  ].join('\n');
}

function goTests(subjects: readonly Declaration[]): string {
  const cases = subjects.map((subject) => {
    const name = subject.name.slice(0, 1).toUpperCase() + subject.name.slice(1);
    const values = subject.parameters.map((parameter) => sample(parameter, 'go')).join(', ');
    const target = subject.owner === undefined ? subject.name : `new(${subject.owner}).${subject.name}`;
    const fails = /\berror\b/u.test(subject.result ?? '');
    const only = subject.result?.trim() === 'error';
    const got = only ? 'err' : fails ? 'got, err' : 'got';
    const check = fails ? '\tif err != nil {\n\t\tt.Fatal(err)\n\t}\n' : '';
    const show = only ? '' : '\tt.Logf("got %v; TODO: compare with the value you expect", got)\n';
    const body =
      subject.result === undefined
        ? `\t${target}(${values})\n`
        : `\t${got} := ${target}(${values})\n${check}${show}`;
    return `func Test${name}(t *testing.T) {\n${body}}`;
  });
  return ['package main', '', 'import "testing"', '', cases.join('\n\n')].join('\n');
}

function rustTests(subjects: readonly Declaration[]): string {
  const cases = subjects.map((subject) => {
    const values = subject.parameters.map((parameter) => sample(parameter, 'rust')).join(', ');
    const target = subject.owner === undefined ? subject.name : `${subject.owner}::${subject.name}`;
    return `    #[test]\n    fn ${subject.name}_works() {\n        let result = ${target}(${values});\n        // TODO: assert_eq!(result, the value you expect);\n        let _ = result;\n    }`;
  });
  return `#[cfg(test)]\nmod tests {\n    use super::*;\n\n${cases.join('\n\n')}\n}`;
}

function javaTests(view: CodeView, subjects: readonly Declaration[]): string {
  const owner = subjects[0]?.owner ?? moduleName(view, 'Example');
  const cases = subjects.map((subject) => {
    const values = subject.parameters.map((parameter) => sample(parameter, 'java')).join(', ');
    return `    @Test\n    void ${subject.name}() {\n        var result = subject.${subject.name}(${values});\n        assertNotNull(result); // TODO: the value you expect\n    }`;
  });
  return [
    'import static org.junit.jupiter.api.Assertions.assertNotNull;',
    '',
    'import org.junit.jupiter.api.Test;',
    '',
    `class ${owner}Test {`,
    `    private final ${owner} subject = new ${owner}(/* what it needs */);`,
    '',
    cases.join('\n\n'),
    '}',
  ].join('\n');
}

function cTests(subjects: readonly Declaration[]): string {
  const calls = subjects.map((subject) => {
    const values = subject.parameters.map((parameter) => sample(parameter, 'c')).join(', ');
    const call = `${subject.name}(${values})`;
    return subject.result === 'void'
      ? `    ${call};`
      : `    assert(${call} == 0); /* TODO: the value you expect */`;
  });
  return ['#include <assert.h>', '', 'int main(void) {', ...calls, '    return 0;', '}'].join('\n');
}

/** A value to call with, by the type and else by the name of the parameter. */
function sample(parameter: Parameter, language: 'script' | 'python' | 'go' | 'rust' | 'java' | 'c'): string {
  const type = (parameter.type ?? '').replaceAll(/^(?:readonly|const)\s+|^&(?:mut\s+)?/gu, '');
  const about = type === '' ? parameter.name : type;
  const empty = { script: '[]', python: '[]', go: 'nil', rust: 'vec![]', java: 'List.of()', c: 'NULL' }[
    language
  ];
  const missing = {
    script: '{}',
    python: 'None',
    go: 'nil',
    rust: 'Default::default()',
    java: 'null',
    c: '0',
  }[language];
  if (
    /\[\]|^(?:Array|List|Vec|list|Sequence|Iterable|ReadonlyArray|Set)\b|s$/u.test(about) &&
    !/^(?:string|&?str)$/u.test(about)
  ) {
    return empty;
  }
  if (/^(?:string|str|&?str|String|char\s*\*)|name|text|path|title|message|key|id$/u.test(about)) {
    return language === 'rust' && about === 'String'
      ? '"example".to_string()'
      : `"example"`.replaceAll('"', language === 'script' ? "'" : '"');
  }
  if (
    /^(?:number|int|float|double|long|short|usize|u\d+|i\d+|f\d+|size_t|bigint)|count|index|amount|rate|price|max|min/u.test(
      about,
    )
  ) {
    return /^(?:float|f\d+|double)/u.test(about) ? '1.5' : '1';
  }
  if (/^bool|^is|^has/u.test(about)) return language === 'python' ? 'True' : 'true';
  return missing;
}

function moduleName(view: CodeView, fallback: string): string {
  return (
    view.block.path
      ?.split('/')
      .at(-1)
      ?.replace(/\.\w+$/u, '') ?? fallback
  );
}
