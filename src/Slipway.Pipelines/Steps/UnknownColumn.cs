using Slipway.Core.Specs;

namespace Slipway.Pipelines.Steps;

/// <summary>The message for a column that is not there.</summary>
internal static class UnknownColumn
{
    public static string Message(string name, IEnumerable<string> columns)
    {
        var known = columns.ToArray();
        return Suggestion.Nearest(name, known) is { } near
            ? $"no column is called '{name}'; did you mean {near}?"
            : $"no column is called '{name}'; there are: {string.Join(", ", known)}";
    }
}
