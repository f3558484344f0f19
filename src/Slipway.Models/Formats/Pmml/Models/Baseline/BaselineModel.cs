using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Baselines;
using Slipway.Models.Rows.Distributions;

namespace Slipway.Models.Formats.Pmml.Models.Baseline;

/// <summary>
/// The element <c>BaselineModel</c>: how unlike a baseline records are (PMML 4.4.1, Baseline Models): the z-value of each, or a statistic of the rows of a batch so
/// far, or of those that a scorer was given, in their order: the cumulative sum (CUSUM), or the comparison of their counts with a table.
/// </summary>
internal sealed class BaselineModel(ModelHeader header, TestDistributions test) : ModelElement(header)
{
    public static BaselineModel Read(ElementReader e)
    {
        var header = new ModelHeader(e);
        TestDistributions? test = null;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (!header.TryRead(e) && e.Name == "TestDistributions") test = TestDistributions.Read(e);
        }
        return new BaselineModel(header, test ?? throw header.Place.Fault("it has no TestDistributions"));
    }

    public override RowModel Bind(ModelScope scope) => test.Statistic switch
    {
        TestStatistic.ZValue => new ZValue(scope.NumberResult(), Tested(scope), Proper(test.Baseline, "Baseline")),
        TestStatistic.Cusum => BindSum(scope),
        _ => CountsBinder.Bind(test, scope),
    };

    private CumulativeSum BindSum(ModelScope scope)
    {
        var (value, expected, other) = (Tested(scope), Proper(test.Baseline, "Baseline"), Proper(test.Alternate, "Alternate"));
        if (expected.Kind == DistributionKind.Any || other.Kind == DistributionKind.Any) throw test.Place.Fault("CUSUM needs densities, and AnyDistribution has none");
        scope.Program.KeepOrder();
        return new CumulativeSum(scope.NumberResult(), value, expected, other, test.ResetValue, test.Window, scope.Program.Slots(1 + test.Window));
    }

    private RowExpression Tested(ModelScope scope)
    {
        var field = scope.Fields.Resolve(test.Field, test.Place);
        return field.Type.IsNumeric ? field.Value : throw test.Place.Fault($"the field '{test.Field}' is of type {field.Format.Name}, a number expected");
    }

    private Distribution Proper(TestedDistribution tested, string element)
    {
        if (tested.Numbers is not { } found) throw test.Place.Fault($"{element} has no distribution of numbers");
        return found.IsProper ? found : throw test.Place.Fault($"the parameters of the distribution in {element} make none: variances are positive, bounds in order");
    }
}
