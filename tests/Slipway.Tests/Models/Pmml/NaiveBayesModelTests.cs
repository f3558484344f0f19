using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

/// <summary>Golden values from numpy and scipy.stats: products of priors, conditional frequencies and densities, divided by their sum.</summary>
public sealed class NaiveBayesModelTests
{
    private const string Fields = "color=red,blue,green size count:integer weight *class=a,b";

    [Fact]
    public void Evidence_of_every_kind_is_multiplied()
    {
        using var model = Model();
        Is(0.9847247538525058, model.Score(("color", "red"), ("size", 12), ("count", 4), ("weight", 3)), "a");
    }

    [Fact]
    public void Missing_fields_say_nothing()
    {
        using var model = Model();
        Is(0.9259259259259259, model.Score(("color", "red")), "a");
        Is(0.6, model.Score(), "a");
    }

    [Fact]
    public void Old_inputs_are_discretized()
    {
        using var model = Model();
        Is(0.04424778761061947, model.Score(("color", "blue"), ("weight", 7)), "b");
    }

    [Fact]
    public void Threshold_stands_for_counts_of_zero_and_small_densities()
    {
        using var model = Model();
        Is(0.6, model.Score(("color", "green")), "a");

        // The density of 16 under a is 0.0022, less than the threshold of 0.01.
        Is(0.21741976896544357, model.Score(("size", 16)), "b");
    }

    [Fact]
    public void Categories_that_a_value_does_not_count_have_the_threshold()
    {
        using var model = new PmmlTest("color=red,blue *class=a,b", """
            <NaiveBayesModel functionName="classification" threshold="0.01"><MiningSchema/>
            <Output><OutputField name="a" feature="probability" value="a"/></Output>
            <BayesInputs><BayesInput fieldName="color">
              <PairCounts value="red"><TargetValueCounts><TargetValueCount value="a" count="50"/></TargetValueCounts></PairCounts>
              <PairCounts value="blue"><TargetValueCounts><TargetValueCount value="a" count="10"/><TargetValueCount value="b" count="40"/></TargetValueCounts></PairCounts>
            </BayesInput></BayesInputs>
            <BayesOutput fieldName="class"><TargetValueCounts><TargetValueCount value="a" count="60"/><TargetValueCount value="b" count="40"/></TargetValueCounts></BayesOutput>
            </NaiveBayesModel>
            """);
        Is(0.9920634920634921, model.Score(("color", "red")), "a");
    }

    [Fact]
    public void Far_away_numbers_keep_their_order_where_densities_vanish()
    {
        using var model = Model("0");
        var answer = model.Score(("size", 1000));
        Assert.Equal("a", answer["class"]);
        Assert.Equal(1.0, answer["a"]);
    }

    [Fact]
    public void Row_that_no_category_can_have_made_has_no_answer()
    {
        using var model = Model("0");
        var answer = model.Score(("color", "green"));
        Assert.Null(answer["class"]);
        Assert.Null(answer["a"]);
    }

    [Fact]
    public void Category_that_is_not_an_output_is_named()
    {
        var error = Assert.Throws<ModelException>(() => Model(category: "c"));
        Assert.Contains("'c'", error.Message, StringComparison.Ordinal);
        Assert.Contains("line", error.Message, StringComparison.Ordinal);
    }

    private static void Is(double probability, IReadOnlyDictionary<string, object?> answer, string category)
    {
        Assert.Equal(probability, Assert.IsType<double>(answer["a"]), 1e-14);
        Assert.Equal(category, answer["class"]);
    }

    private static PmmlTest Model(string threshold = "0.01", string category = "a") => new(Fields, $"""
        <NaiveBayesModel functionName="classification" threshold="{threshold}"><MiningSchema/>
        <Output><OutputField name="a" feature="probability" value="a"/></Output>
        <BayesInputs>
          <BayesInput fieldName="color">{Pair("red", 50, 4, category)}{Pair("blue", 10, 36)}{Pair("green", 0, 0)}</BayesInput>
          <Extension><BayesInput fieldName="size"><TargetValueStats>
            <TargetValueStat value="a"><GaussianDistribution mean="10" variance="4"/></TargetValueStat>
            <TargetValueStat value="b"><GaussianDistribution mean="14" variance="1"/></TargetValueStat>
          </TargetValueStats></BayesInput></Extension>
          <BayesInput fieldName="count"><TargetValueStats>
            <TargetValueStat value="a"><PoissonDistribution mean="3"/></TargetValueStat>
            <TargetValueStat value="b"><PoissonDistribution mean="6"/></TargetValueStat>
          </TargetValueStats></BayesInput>
          <BayesInput fieldName="weight">
            <DerivedField optype="categorical" dataType="string"><Discretize field="weight">
              <DiscretizeBin binValue="low"><Interval closure="openOpen" rightMargin="5"/></DiscretizeBin>
              <DiscretizeBin binValue="high"><Interval closure="closedOpen" leftMargin="5"/></DiscretizeBin>
            </Discretize></DerivedField>
            {Pair("low", 55, 20)}{Pair("high", 5, 20)}
          </BayesInput>
        </BayesInputs>
        <BayesOutput fieldName="class"><TargetValueCounts><TargetValueCount value="a" count="60"/><TargetValueCount value="b" count="40"/></TargetValueCounts></BayesOutput>
        </NaiveBayesModel>
        """);

    private static string Pair(string value, int a, int b, string first = "a") =>
        $"""<PairCounts value="{value}"><TargetValueCounts><TargetValueCount value="{first}" count="{a}"/><TargetValueCount value="b" count="{b}"/></TargetValueCounts></PairCounts>""";
}
