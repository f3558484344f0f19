using System.Globalization;
using System.IO.Enumeration;

namespace Slipway.Conformance;

/// <summary>What a suite is called with: <c>DIR [--report TSV] [--digests TSV] [--only PATTERN] [--threads N] [--runtime NAME]</c>.</summary>
/// <param name="Only">Cases run when their id contains this; * stands for any text.</param>
internal sealed record SuiteArguments(string Folder, string? Report, string? Digests, string? Only, int Threads, string Runtime)
{
    /// <exception cref="UsageException">The call is wrong.</exception>
    public static SuiteArguments Parse(ReadOnlySpan<string> arguments)
    {
        string? folder = null, report = null, digests = null, only = null;
        var runtime = "onnx";
        var threads = Environment.ProcessorCount;
        for (var i = 0; i < arguments.Length; i++)
        {
            var argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                if (folder is not null) throw new UsageException($"one DIR was expected, found '{folder}' and '{argument}'");
                folder = argument;
                continue;
            }
            if (argument is not ("--report" or "--digests" or "--only" or "--filter" or "--threads" or "--runtime")) throw new UsageException($"unknown option '{argument}'");
            if (++i == arguments.Length) throw new UsageException($"{argument} needs a value");
            switch (argument)
            {
                case "--report": report = arguments[i]; break;
                case "--digests": digests = arguments[i]; break;
                case "--only" or "--filter": only = arguments[i]; break;
                case "--runtime": runtime = arguments[i]; break;
                case "--threads" when int.TryParse(arguments[i], NumberStyles.None, CultureInfo.InvariantCulture, out threads) && threads is > 0 and <= 1024: break;
                default: throw new UsageException($"--threads is '{arguments[i]}', a number from 1 to 1024 was expected");
            }
        }
        return new SuiteArguments(folder ?? throw new UsageException("DIR is missing"), report, digests, only, threads, runtime);
    }

    /// <summary>The cases that are asked for.</summary>
    /// <exception cref="UsageException">None is.</exception>
    public IReadOnlyList<T> Select<T>(IReadOnlyList<T> cases, Func<T, string> id)
    {
        if (Only is null) return cases;
        IReadOnlyList<T> selected = [.. cases.Where(c => FileSystemName.MatchesSimpleExpression($"*{Only}*", id(c), ignoreCase: false))];
        return selected.Count > 0 ? selected : throw new UsageException($"no case has an id with '{Only}'");
    }
}

/// <summary>The program was called wrongly.</summary>
internal sealed class UsageException(string message) : Exception(message);
