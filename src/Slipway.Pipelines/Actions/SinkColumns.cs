using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Core.Specs;
using Slipway.Data;

namespace Slipway.Pipelines.Actions;

/// <summary>The columns a sink writes: those its spec names, or all. A matrix output is one column per element: <c>name_0</c>, <c>name_1</c>, ….</summary>
internal sealed class SinkColumns(ImmutableArray<string> names)
{
    private FlatColumns? _known;
    private ImmutableArray<FlatColumn> _columns;

    /// <summary>Refuses names that no row will have.</summary>
    /// <param name="field">The spec's field that gives the names.</param>
    /// <exception cref="SpecException">A name is unknown or given twice.</exception>
    public static void Check(string field, ImmutableArray<string> names, TableSchema schema)
    {
        var problems = new List<SpecProblem>();
        for (var i = 0; i < names.Length; i++)
        {
            if (names.IndexOf(names[i]) < i) problems.Add(new SpecProblem($"{field}[{i}]", 0, 0, $"'{names[i]}' is given twice"));
            else if (!IsKnown(names[i], schema)) problems.Add(new SpecProblem($"{field}[{i}]", 0, 0, Unknown(names[i], schema)));
        }
        if (problems.Count > 0) throw new SpecException(null, problems);
    }

    public static string Unknown(string name, TableSchema schema) => Suggestion.Nearest(name, schema.Names) is { } near
        ? $"no column is called '{name}'; did you mean {near}?"
        : $"no column is called '{name}'; there are: {string.Join(", ", schema.Names)}";

    public static bool IsKnown(string name, TableSchema schema)
    {
        if (schema.Find(name) is not null) return true;
        var underscore = name.LastIndexOf('_');
        return underscore > 0 && schema.Find(name[..underscore]) is not null && uint.TryParse(name.AsSpan(underscore + 1), out _);
    }

    /// <summary>Where the columns are in this batch.</summary>
    /// <exception cref="SlipwayException">One of them is not there.</exception>
    public ImmutableArray<FlatColumn> In(Batch batch)
    {
        if (_known?.Fits(batch) == true) return _columns;
        var known = new FlatColumns(batch, TableWriteOptions.Default);
        _columns = names.IsEmpty ? known.Columns : known.Select(names);
        _known = known;
        return _columns;
    }
}
