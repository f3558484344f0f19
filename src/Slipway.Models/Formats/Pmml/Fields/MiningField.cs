using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Fields;

internal enum UsageType : byte
{
    Active,
    Target,
    Supplementary,
    Group,
    Order,
    FrequencyWeight,
    AnalysisWeight,
}

/// <summary>How a model uses a field (PMML 4.4.1, MiningSchema).</summary>
/// <param name="RefusesMissing">The model cannot be scored without the field's value; otherwise the file only says how the replacement was found.</param>
internal sealed record MiningField(
    Place Place,
    string Name,
    UsageType Usage,
    OpType? OpType,
    InvalidTreatment Invalid,
    string? InvalidReplacement,
    string? MissingReplacement,
    bool RefusesMissing,
    OutlierTreatment Outliers,
    double? Low,
    double? High,
    double? Importance)
{
    private static readonly Choices<UsageType> Usages = new(
        ("active", UsageType.Active), ("predicted", UsageType.Target), ("target", UsageType.Target), ("supplementary", UsageType.Supplementary),
        ("group", UsageType.Group), ("order", UsageType.Order), ("frequencyWeight", UsageType.FrequencyWeight), ("analysisWeight", UsageType.AnalysisWeight));

    private static readonly Choices<InvalidTreatment> Invalids = new(
        ("returnInvalid", InvalidTreatment.Refuse), ("asIs", InvalidTreatment.Keep), ("asMissing", InvalidTreatment.AsMissing), ("asValue", InvalidTreatment.Replace));

    private static readonly Choices<bool> MissingTreatments = new(
        ("asIs", false), ("asMean", false), ("asMode", false), ("asMedian", false), ("asValue", false), ("returnInvalid", true), ("x-returnInvalid", true));

    private static readonly Choices<OutlierTreatment> OutlierTreatments = new(
        ("asIs", OutlierTreatment.Keep), ("asMissingValues", OutlierTreatment.AsMissing), ("asExtremeValues", OutlierTreatment.AsExtreme));

    /// <summary>Changes nothing beyond what the field itself says.</summary>
    public bool HasNoTreatment =>
        Invalid == InvalidTreatment.Refuse && MissingReplacement is null && !RefusesMissing && Outliers == OutlierTreatment.Keep && OpType is null;

    private static MiningField Read(ElementReader e)
    {
        var field = ReadAttributes(e);
        if (field is { Invalid: InvalidTreatment.Replace, InvalidReplacement: null }) throw e.Fault("invalidValueTreatment=\"asValue\" needs an invalidValueReplacement");
        return field;
    }

    private static MiningField ReadAttributes(ElementReader e) => new(
        e.Place,
        e.Require("name"),
        e.Choice("usageType", Usages, UsageType.Active),
        OpTypes.TryRead(e),
        e.Choice("invalidValueTreatment", Invalids, InvalidTreatment.Refuse),
        e.Attribute("invalidValueReplacement") ?? e.Attribute("x-invalidValueReplacement"),
        e.Attribute("missingValueReplacement"),
        e.Choice(e.Attribute("missingValueTreatment") is null ? "x-missingValueTreatment" : "missingValueTreatment", MissingTreatments, false),
        e.Choice("outliers", OutlierTreatments, OutlierTreatment.Keep),
        e.Number("lowValue"),
        e.Number("highValue"),
        e.Number("importance"));

    public static ImmutableArray<MiningField> ReadSchema(ElementReader e)
    {
        var fields = ImmutableArray.CreateBuilder<MiningField>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name != "MiningField") continue;
            fields.Add(Read(e));
            if (!names.Add(fields[^1].Name)) throw e.Fault($"the field '{fields[^1].Name}' is listed twice");
        }
        return fields.DrainToImmutable();
    }
}
