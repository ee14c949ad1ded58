import js from "@eslint/js";
import userscripts from "eslint-plugin-userscripts";
import globals from "globals";

export default [
  { ignores: [".clients/", ".venv/", "dist/", "htmlcov/", "src/lmarena_bridge/server/static/vendor/"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2022, sourceType: "script", globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      curly: ["error", "multi-line"],
      eqeqeq: "error",
      "no-eval": "error",
      "no-implicit-globals": "error",
      "no-implied-eval": "error",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  {
    files: ["eslint.config.js", "src/lmarena_bridge/server/static/**/*.js"],
    languageOptions: { sourceType: "module" },
  },
  { files: ["tests/**/*.mjs"], languageOptions: { sourceType: "module", globals: globals.node } },
  {
    files: ["**/*.user.js"],
    plugins: { userscripts },
    rules: userscripts.configs.recommended.rules,
  },
];
