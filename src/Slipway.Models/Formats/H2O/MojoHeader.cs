using System.Collections.Immutable;
using System.Text;
using Slipway.Core;

namespace Slipway.Models.Formats.H2O;

/// <summary>What every MOJO says of itself, checked.</summary>
internal sealed record MojoHeader
{
    private ImmutableArray<string>[] _domains;

    private MojoHeader(ImmutableArray<string>[] domains) => _domains = domains;

    /// <summary>H2O's short name: <c>gbm</c>, <c>glm</c>, …</summary>
    public required string Algorithm { get; init; }

    /// <summary><c>Binomial</c>, <c>Multinomial</c>, <c>Ordinal</c>, <c>Regression</c>, <c>Clustering</c>, <c>AnomalyDetection</c>, …</summary>
    public required string Category { get; init; }

    public required string LibraryVersion { get; init; }

    /// <summary>Of the format, which each algorithm numbers by itself: 1.0, 1.1, … 1.4.</summary>
    public required double Version { get; init; }

    /// <summary>The columns a row has, in the algorithm's order; the offset, if there is one, is the last.</summary>
    public required ImmutableArray<string> RowColumns { get; init; }

    /// <summary>How many of them are features.</summary>
    public required int Features { get; init; }

    /// <summary>Something is added to every margin from this column of the row; -1 when nothing is.</summary>
    public int Offset => RowColumns.Length > Features ? Features : -1;

    /// <summary>The names of the classes; empty unless the model is a classifier.</summary>
    public required ImmutableArray<string> Classes { get; init; }

    /// <summary>Of the second class of two.</summary>
    public required double Threshold { get; init; }

    /// <summary>Of the classes in the data and in what was trained on; both empty unless the classes were balanced.</summary>
    public required ImmutableArray<double> PriorDistribution { get; init; }

    /// <inheritdoc cref="PriorDistribution"/>
    public required ImmutableArray<double> ModelDistribution { get; init; }

    /// <summary>Files of levels that the archive should have, but has not.</summary>
    public required ImmutableArray<string> AbsentDomains { get; init; }

    public bool IsClassifier => !Classes.IsEmpty;

    public bool BalancesClasses => !ModelDistribution.IsEmpty;

    /// <summary>The levels of a categorical column of the row, in order; empty for numbers.</summary>
    public ImmutableArray<string> DomainOf(int column) => column < Features ? _domains[column] : [];

    public bool IsCategorical(int column) => column < Features && !_domains[column].IsDefault;

    /// <summary>The first features only.</summary>
    public MojoHeader WithFeatures(int count) => this with { Features = count, RowColumns = RowColumns[..count] };

    /// <summary>A row of one categorical column, for a model that names none.</summary>
    public MojoHeader WithColumn(string name, ImmutableArray<string> levels) => this with { Features = 1, RowColumns = [name], _domains = [levels] };

    /// <exception cref="ModelException">The file contradicts itself.</exception>
    public static MojoHeader Read(MojoArchive archive, MojoInfo info)
    {
        var count = info.Int("n_columns");
        if (count != info.Columns.Count) throw info.Fault("n_columns", $"{info.Columns.Count}, as [columns] lists,");
        var features = info.Int("n_features");
        if (features < 0 || features > count) throw info.Fault("n_features", $"at most the {count} columns");
        var absent = ImmutableArray.CreateBuilder<string>();
        var domains = ReadDomains(archive, info, absent);
        var category = info.Text("category");
        var classes = category is "Binomial" or "Multinomial" or "Ordinal" ? ClassesOf(info, domains, category) : [];
        var balanced = info.Bool("balance_classes", false) && !classes.IsEmpty;
        ImmutableArray<string> columns = [.. info.Columns.Take(features)];
        if (info.TextOrNull("offset_column") is { } offset) columns = columns.Add(offset);
        if (columns.Distinct(StringComparer.Ordinal).Count() != columns.Length) throw new ModelException("two columns have the same name");
        return new MojoHeader(domains)
        {
            AbsentDomains = absent.ToImmutable(),
            Algorithm = AlgorithmOf(info),
            Category = category,
            LibraryVersion = info.TextOrNull("h2o_version") ?? "unknown",
            Version = info.Double("mojo_version"),
            RowColumns = columns,
            Features = features,
            Classes = classes,
            Threshold = info.Double("default_threshold", 0.5),
            PriorDistribution = balanced ? Distribution(info, "prior_class_distrib", classes.Length) : [],
            ModelDistribution = balanced ? Distribution(info, "model_class_distrib", classes.Length) : [],
        };
    }

    private static ImmutableArray<double> Distribution(MojoInfo info, string key, int classes)
    {
        var values = info.Doubles(key);
        return values.Length == classes ? [.. values] : throw info.Fault(key, $"{classes} numbers, one for each class,");
    }

    private static ImmutableArray<string> ClassesOf(MojoInfo info, ImmutableArray<string>[] domains, string category)
    {
        var classes = info.Int("n_classes");
        if (classes < 2 || (category == "Binomial" && classes != 2)) throw info.Fault("n_classes", category == "Binomial" ? "2 for a binomial model" : "at least 2");
        var names = domains.Length > 0 ? domains[^1] : default;
        if (names.IsDefault)
        {
            return classes == 2 ? ["0", "1"] : throw new ModelException($"the names of the {classes} classes are not in [domains]");
        }
        return names.Length == classes ? names : throw info.Fault("n_classes", $"{names.Length}, the levels of the response '{info.Columns[^1]}',");
    }

    /// <summary>The first archives have the long name only.</summary>
    private static string AlgorithmOf(MojoInfo info) => info.TextOrNull("algo") ?? info.Text("algorithm") switch
    {
        "Gradient Boosting Machine" or "Gradient Boosting Method" => "gbm",
        "Distributed Random Forest" => "drf",
        "Generalized Linear Modeling" or "Generalized Linear Model" => "glm",
        "K-means" => "kmeans",
        "Deep Learning" or "deep learning" => "deeplearning",
        "Generalized Low Rank Modeling" or "Generalized Low Rank Model" => "glrm",
        var name => name.ToLowerInvariant(),
    };

    private static ImmutableArray<string>[] ReadDomains(MojoArchive archive, MojoInfo info, ImmutableArray<string>.Builder absent)
    {
        var escaped = info.Bool("escape_domain_values", false);
        var domains = new ImmutableArray<string>[info.Columns.Count];
        foreach (var (column, levels, file) in info.Domains)
        {
            // Some versions list a response that is no column.
            if (column >= domains.Length) continue;
            var name = "domains/" + file;
            if (!archive.Contains(name))
            {
                absent.Add(archive.PathOf(name));
                continue;
            }
            var values = Lines(archive.Read(name), escaped);
            if (values.Length != levels) throw new ModelException($"{archive.PathOf(name)}: {values.Length} levels, but [domains] says {levels} for column '{info.Columns[column]}'");
            domains[column] = values;
        }
        return domains;
    }

    private static ImmutableArray<string> Lines(ReadOnlySpan<byte> text, bool escaped)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        while (!text.IsEmpty)
        {
            var end = text.IndexOfAny((byte)'\n', (byte)'\r');
            var line = Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
            lines.Add(escaped && line.Contains('\\') ? Unescape(line) : line);
            if (end < 0) break;
            text = text[(end + (text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : 1))..];
        }
        return lines.ToImmutable();
    }

    /// <summary><c>\n</c> is a new line, <c>\\</c> a backslash.</summary>
    private static string Unescape(string line)
    {
        var text = new StringBuilder(line.Length);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] != '\\') text.Append(line[i]);
            else if (++i < line.Length) text.Append(line[i] == 'n' ? '\n' : line[i]);
        }
        return text.ToString();
    }
}
