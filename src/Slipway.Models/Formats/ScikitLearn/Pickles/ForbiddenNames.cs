using System.Collections.Frozen;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>Modules and functions that attacks call through pickles. None would be called here; a file that names one is no model, and is refused.</summary>
internal static class ForbiddenNames
{
    private static readonly FrozenSet<string> Modules = FrozenSet.Create(
        StringComparer.Ordinal,
        "os", "nt", "posix", "posixpath", "subprocess", "pty", "commands", "popen2", "sys", "shutil", "socket", "runpy", "code", "codeop", "pdb", "bdb", "timeit", "cProfile",
        "profile", "trace", "importlib", "imp", "pkgutil", "pip", "ctypes", "cffi", "multiprocessing.util", "webbrowser", "urllib.request", "requests", "httplib", "http.client",
        "asyncio.unix_events", "asyncio.base_subprocess", "signal", "threading", "_thread", "marshal", "tempfile", "platform", "venv", "distutils.spawn", "nose.tools.nontrivial");

    private static readonly FrozenSet<string> Builtins = FrozenSet.Create(
        StringComparer.Ordinal,
        "eval", "exec", "execfile", "compile", "open", "file", "input", "raw_input", "__import__", "setattr", "delattr", "globals", "locals", "vars", "apply", "reload", "breakpoint");

    public static bool Includes(string module, string name) => module switch
    {
        "builtins" or "__builtin__" => Builtins.Contains(FirstOf(name)),
        "operator" or "_operator" => name is "attrgetter" or "methodcaller",
        "numpy.testing._private.utils" or "numpy.testing" => name is "runstring" or "rundocs",
        _ => Modules.Contains(module) || (module.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && Modules.Contains(module[..dot])),
    };

    private static string FirstOf(string name) => name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? name[..dot] : name;
}
