// Tests have no extension context, and the extension under test hands nothing out: this one lends its own.
exports.activate = (/** @type {import('vscode').ExtensionContext} */ context) => context;
