import js from '@eslint/js';
import imports from 'eslint-plugin-import-x';
import { defineConfig, globalIgnores } from 'eslint/config';
import types from 'typescript-eslint';

/** Each folder imports from those after it only. */
const LAYERS = [
  'pages',
  'shell',
  'worklist',
  'upload',
  'account',
  'report',
  'review',
  'viewport',
  'study',
  'pixels',
  'parts',
  'language',
  'service',
];

const upwards = LAYERS.map((folder, place) => ({
  files: [`source/${folder}/**`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: LAYERS.slice(0, place).map((above) => ({
          group: [`**/${above}/**`],
          message: `${folder} does not know ${above}`,
        })),
      },
    ],
  },
}));

export default defineConfig(
  globalIgnores(['source/service/openapi.ts']),
  js.configs.recommended,
  types.configs.strictTypeChecked,
  types.configs.stylisticTypeChecked,
  { languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['eslint.config.js'] } } } },
  {
    plugins: { 'import-x': imports },
    rules: {
      'import-x/no-cycle': 'error',
      'no-restricted-syntax': [
        'error',
        // What a patient's file says is text, never markup.
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'Text is never HTML here.' },
        { selector: 'MemberExpression[property.name=/^(inner|outer)HTML$/]', message: 'Text is never HTML here.' },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      eqeqeq: 'error',
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
    },
  },
  upwards,
  { files: ['eslint.config.js'], extends: [types.configs.disableTypeChecked] },
);
