namespace Sluice.Casts.Expressions;

/// <summary>What Lisp has and an expression may not use: it would run code from the data, reach outside, or change state.</summary>
internal static class RefusedFunctions
{
    private static readonly string[] Readers = ["read-from-string", "read", "eval", "read-line", "safe-read-from-string"];

    private static readonly string[] Outside =
    [
        "load", "compile", "open", "with-open-file", "run-program", "getenv", "intern", "make-symbol", "require", "exit", "quit",
        "print", "princ", "prin1",
    ];

    private static readonly string[] State =
    [
        "setf", "setq", "psetq", "incf", "decf", "push", "pop", "defun", "defvar", "defparameter", "defmacro", "loop", "do", "do*", "dolist",
        "dotimes", "flet", "labels", "block", "return", "return-from", "catch", "throw", "tagbody", "go", "handler-case", "handler-bind",
        "multiple-value-bind", "destructuring-bind", "with-output-to-string", "macrolet", "unwind-protect",
    ];

    private static readonly string[] Patterns = ["regex-replace", "regex-replace-all", "scan", "all-matches", "split", "ppcre"];

    /// <summary>What to use instead, or null for a name that is not one of these.</summary>
    public static string? Hint(string name)
    {
        var bare = name[(name.LastIndexOf(':') + 1)..];
        return Readers.Contains(bare) ? "data is never read as code; use parse-integer to make a number of a text"
            : Outside.Contains(bare) ? "an expression computes a value from the fields and nothing else"
            : State.Contains(bare) ? "use let, if, cond, mapcar, reduce or lambda"
            : Patterns.Contains(bare) ? "there are no regular expressions; use search, position, subseq, substitute or split-sequence"
            : name.Contains(':', StringComparison.Ordinal) ? "docs/transforms.md lists what is; other Lisp packages are not"
            : null;
    }
}
