using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Functions;
using Slipway.Models.Rows.Scorecards;

namespace Slipway.Models.Formats.Pmml.Models.Scorecard;

/// <summary>The element <c>Scorecard</c>: points for each characteristic, and the reasons for a low (or high) sum (PMML 4.4.1, Scorecard).</summary>
internal sealed class ScorecardModel : ModelElement
{
    private static readonly Choices<int> Signs = new(("pointsAbove", 1), ("pointsBelow", -1));

    private readonly double _initial;
    private readonly bool _usesReasonCodes;
    private readonly int _sign;
    private readonly double? _baseline;
    private readonly ImmutableArray<Characteristic> _characteristics;

    private ScorecardModel(ModelHeader header, ElementReader e) : base(header)
    {
        _initial = e.Number("initialScore", 0);
        _usesReasonCodes = e.Boolean("useReasonCodes", true);
        _sign = e.Choice("reasonCodeAlgorithm", Signs, -1);
        _baseline = e.Number("baselineScore");
        _characteristics = [];
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (!header.TryRead(e) && e.Name == "Characteristics") _characteristics = Characteristic.ReadAll(e);
        }
        if (_characteristics.IsEmpty) throw header.Place.Fault("it has no Characteristic");
    }

    public static ScorecardModel Read(ElementReader e) => new(new ModelHeader(e), e);

    public override RowModel Bind(ModelScope scope)
    {
        if (Header.Function != MiningFunction.Regression) throw Header.Place.Fault("functionName must be \"regression\"");
        var codes = new List<double>();
        if (_usesReasonCodes) CollectReasonCodes(scope, codes);
        var result = scope.NumberResult() with { ReasonCodes = codes.Count == 0 ? -1 : scope.Program.Slots(codes.Count), ReasonCodeCount = codes.Count };
        var reasons = codes.Count == 0 ? null : new ReasonCodeRanking([.. codes], scope.Program.Slots(codes.Count), _sign);
        var characteristics = ImmutableArray.CreateBuilder<ScoreCharacteristic>();
        for (var i = 0; i < _characteristics.Length; i++)
        {
            var c = _characteristics[i];
            characteristics.Add(new ScoreCharacteristic(
                c.Name ?? $"#{i + 1}", c.BaselineScore ?? _baseline ?? 0, [.. c.Attributes.Select(a => Bind(a, c, codes, scope))]));
        }
        return new AdditiveScorecard(result, _initial, characteristics.DrainToImmutable(), reasons, Header.IsFloat);
    }

    private static ScoreAttribute Bind(AttributeElement attribute, Characteristic characteristic, List<double> codes, ModelScope scope)
    {
        var complex = attribute.Complex is null ? null : Casting.Cast(attribute.Complex.Bind(scope.Fields), CellType.Float64, scope.Program.Symbols);
        var code = codes.Count == 0 ? -1 : codes.IndexOf(scope.Program.Symbols.Intern(attribute.ReasonCode ?? characteristic.ReasonCode!));
        return new ScoreAttribute(attribute.Predicate.Bind(scope.Fields), attribute.PartialScore ?? 0, complex, code);
    }

    /// <summary>
    /// <c>useReasonCodes</c> is true unless the file says otherwise, so files without any code have it, too: only one whose outputs ask for reason codes must be
    /// complete.
    /// </summary>
    private void CollectReasonCodes(ModelScope scope, List<double> codes)
    {
        var asked = Header.Output.Any(o => o.Feature == OutputFeature.ReasonCode);
        foreach (var characteristic in _characteristics)
        {
            var place = characteristic.BaselineScore is null && _baseline is null ? characteristic.Place : (Place?)null;
            foreach (var attribute in characteristic.Attributes)
            {
                var code = attribute.ReasonCode ?? characteristic.ReasonCode;
                if (place is { } || code is null)
                {
                    if (asked) throw (place ?? attribute.Place).Fault($"reason codes need the attribute '{(place is null ? "reasonCode" : "baselineScore")}' here or on the element around");
                    codes.Clear();
                    return;
                }
                var symbol = scope.Program.Symbols.Intern(code);
                if (!codes.Contains(symbol)) codes.Add(symbol);
            }
        }
    }
}
