using System.Collections.Immutable;
using System.Globalization;
using Slipway.Models.Formats.Pmml.Models;
using Slipway.Models.Formats.Pmml.Statistics;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml;

/// <summary>What <c>slipway inspect</c> says of a PMML file besides its signature.</summary>
internal static class PmmlFacts
{
    private const int ShownValues = 20;

    /// <summary>Of a document as far as it was read.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(PmmlDocument document)
    {
        yield return new("pmml version", document.Version);
        foreach (var fact in document.Header) yield return fact;
        if (document.Elements.Count > 0) yield return new("elements", string.Join(", ", document.Elements.Select(e => Invariant($"{e.Key} {e.Value:N0}"))));
        if (document.Model?.Header is not { } header) yield break;
        yield return new("model", string.Join(", ", new[] { header.Place.Element, header.Function.ToString().ToLowerInvariant(), header.Name, header.Algorithm }.Where(p => !string.IsNullOrEmpty(p))));
        if (header.Verification is { } verification) yield return new("recorded rows", Invariant($"{verification.Table.Rows.Length}"));
        var comparable = TrainingDistribution.Comparable(header.Statistics).Select(s => s.Field).ToArray();
        if (comparable.Length > 0) yield return new("drift reference", string.Join(", ", comparable));
    }

    /// <summary>How each input is treated.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(RowProgram program)
    {
        foreach (var input in program.Inputs) yield return new($"input {input.Name}", Treatment(input, program.Symbols));
    }

    private static string Treatment(InputField input, SymbolTable symbols)
    {
        var treatment = input.Treatment;
        var parts = new List<string> { input.Format.Name };
        if (!treatment.ValidValues.IsEmpty) parts.Add("one of " + Values(treatment.ValidValues, input.Format, symbols));
        if (!treatment.ValidIntervals.IsEmpty) parts.Add("in " + string.Join(", ", treatment.ValidIntervals));
        if (!treatment.InvalidValues.IsEmpty) parts.Add("not " + Values(treatment.InvalidValues, input.Format, symbols));
        if (!treatment.MissingValues.IsEmpty) parts.Add("missing when " + Values(treatment.MissingValues, input.Format, symbols));
        if (!treatment.MissingTexts.IsEmpty) parts.Add("missing when " + string.Join(", ", treatment.MissingTexts.Take(ShownValues)));
        if (treatment.Outliers != OutlierTreatment.Keep) parts.Add(Invariant($"outside {treatment.Low:R}…{treatment.High:R} {(treatment.Outliers == OutlierTreatment.AsMissing ? "missing" : "cut")}"));
        parts.Add(treatment.Invalid switch
        {
            InvalidTreatment.AsMissing => "invalid values are missing",
            InvalidTreatment.Keep => "invalid values are kept",
            InvalidTreatment.Replace => "invalid values become " + Values([treatment.InvalidReplacement], input.Format, symbols),
            _ => "invalid values are refused",
        });
        if (treatment.RefuseMissing) parts.Add("missing values are refused");
        else if (!Cell.IsMissing(treatment.MissingReplacement)) parts.Add("missing values become " + Values([treatment.MissingReplacement], input.Format, symbols));
        return string.Join("; ", parts);
    }

    private static string Values(ImmutableArray<double> cells, CellFormat format, SymbolTable symbols)
    {
        var texts = new RowTexts(symbols);
        var shown = cells.Take(ShownValues).Select(c => Cell.IsMissing(c) ? "missing" : format.Print(c, texts));
        return string.Join(", ", shown) + (cells.Length > ShownValues ? Invariant($", … ({cells.Length:N0} in all)") : "");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
