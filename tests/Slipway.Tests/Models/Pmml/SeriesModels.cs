using System.Globalization;
using Slipway.Core;
using Slipway.Models.Rows;

namespace Slipway.Tests.Models.Pmml;

/// <summary>Time series models around one method, and their forecasts.</summary>
internal static class SeriesModels
{
    private const string Series = """
        48.428 57.065 50.82 47.024 53.954 57.393 51.879 51.625 54.956 61.606 60.974 52.622 61.619 66.258 62.034 53.904 63.609 71.808 64.539 60.648
        67.028 70.184 69.149 62.947 68.008 73.186 72.993 65.436 73.713 81.473 75.285 71.327 74.97 84.205 76.868 74.614 81.073 83.185 78.216 73.502
        """;

    /// <summary>The first values of a series with trend and season, last first, which the index puts right; indices from 1.</summary>
    public static string Original(int count)
    {
        var values = Series.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Take(count).Select((v, i) => $"<TimeValue index='{i + 1}' value='{v}'/>").Reverse();
        return $"<TimeSeries usage='original'>{string.Concat(values)}</TimeSeries>";
    }

    public static RowProgramModel Open(string bestFit, string content, string output = "") => PmmlTables.Open(
        "<DataField name='y' optype='continuous' dataType='double'/><DataField name='h' optype='continuous' dataType='double'/>",
        $"<TimeSeriesModel functionName='timeSeries' bestFit='{bestFit}'><MiningSchema><MiningField name='y' usageType='target'/><MiningField name='h' usageType='supplementary'/></MiningSchema>{output}{content}</TimeSeriesModel>");

    public static string Numbers(string numbers) => $"<Array type='real'>{numbers}</Array>";

    public static string Average(string coefficients) => $"<MA><MACoefficients>{Numbers(coefficients)}</MACoefficients></MA>";

    public static double[] Forecast(IModel model, int steps) => Column(model.Answer(("h", [steps.ToString(CultureInfo.InvariantCulture)])), 0);

    public static double[] Column(string?[][] answers, int column) => [.. answers.Select(a => double.Parse(a[column]!, CultureInfo.InvariantCulture))];

    public static void AssertSeries(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-9);
    }

    public static void AssertRefused(string bestFit, string content, string expected) =>
        Assert.Contains(expected, Assert.Throws<ModelException>(() => Open(bestFit, content)).Message, StringComparison.Ordinal);
}
