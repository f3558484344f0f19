using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Engine;

public class BinderTests
{
    private static GraphSource X => new GraphSource().Input("x", DataType.Float32, 2);

    private static string Refusal(ModelDefinition model) => Assert.Throws<ModelException>(() => GraphModel.Compile(model, GraphOptions.Default)).Message;

    private static float[] Run(ModelDefinition model)
    {
        using var run = GraphModel.Compile(model, GraphOptions.Default).Run((Value[])[TensorValue.Of([1f, -2f], 2)]);
        return run.Output(0).AsTensor.Values<float>().ToArray();
    }

    [Fact]
    public void Nodes_need_no_order() => Assert.Equal([-1f, -2f], Run(X.Node("y = Neg(a)").Node("a = Abs(x)").Output("y").Model()));

    [Fact]
    public void Circles_are_refused() => Assert.Contains("in a circle", Refusal(X.Node("a = Add(x, b)").Node("b = Neg(a)").Output("b").Model()));

    [Fact]
    public void A_name_is_made_once() => Assert.Contains("'a' is made by", Refusal(X.Node("a = Neg(x)").Node("a = Abs(x)").Output("a").Model()));

    [Fact]
    public void What_nobody_makes_is_named()
    {
        Assert.Contains("input 'q' is made by no node", Refusal(X.Node("a = Add(x, q)").Output("a").Model()));
        Assert.Contains("output 'q' is made by no node", Refusal(X.Node("a = Neg(x)").Output("q").Model()));
    }

    [Fact]
    public void All_that_is_not_known_is_listed_at_once()
    {
        var message = Refusal(X.Node("a = Foo(x)").Node("b = my::Bar(a)").Node("c = Foo(b)").Output("c").Model());
        Assert.Contains("operator Foo (version 20) is not known (at the node of 'a' (Foo) and 1 more)", message);
        Assert.Contains("operator my::Bar (version 1) is not known", message);
    }

    [Fact]
    public void An_operator_of_later_versions_is_refused() => Assert.Contains("operator Gelu is not there in version 13", Refusal(X.Node("a = Gelu(x)").Output("a").Model(13)));

    [Fact]
    public void Functions_nest_and_take_attributes_or_their_defaults()
    {
        var inner = new GraphSource().Node("y = LeakyRelu(x)", ("alpha", new AttributeReference("slope"))).Function("Inner", ["x"], ["y"], ("slope", 0.5f));
        var outer = new GraphSource().Node("a = my::Inner(x)", ("slope", new AttributeReference("s"))).Node("b = my::Inner(x)").Node("y = Add(a, b)").Function("Outer", ["x"], ["y"]);
        Assert.Equal([2f, -1.5f], Run(X.Node("y = my::Outer(x)", ("s", 0.25f)).Output("y").Model(20, [inner, outer])));
        Assert.Equal([2f, -2f], Run(X.Node("y = my::Outer(x)").Output("y").Model(20, [inner, outer])));
    }

    [Fact]
    public void Bodies_in_bodies_see_the_names_around_them()
    {
        var inner = new GraphSource().Node("r = Add(x, a)").Output("r");
        var middle = new GraphSource().Node("a = Neg(x)").Node("q = If(c)", ("then_branch", inner), ("else_branch", inner)).Output("q");
        Assert.Equal([0f, 0f], Run(X.Constant("c", TensorValue.Of<byte>(DataType.Bool, [1], 1)).Node("y = If(c)", ("then_branch", middle), ("else_branch", middle)).Output("y").Model()));
    }

    [Fact]
    public void Named_dimensions_can_be_fixed()
    {
        var model = new GraphSource().Input("x", DataType.Float32, -1, 2).Input("z", DataType.Float32, -1, 2).Node("y = Add(x, z)").Output("y").Model(20, default, "batch");
        Assert.Equal("float[d1,2]", GraphModel.Compile(model, GraphOptions.Default).Outputs[0].Type!.ToString());
        Assert.Equal("float[5,2]", GraphModel.Compile(model, new GraphOptions(Dimensions: new Dictionary<string, long> { ["batch"] = 5 })).Outputs[0].Type!.ToString());
    }

    [Fact]
    public void An_input_with_a_default_need_not_be_given() =>
        Assert.Equal([4f, 1f], Run(X.Input("w", DataType.Float32, 1).Constant("w", TensorValue.Of([3f], 1)).Node("y = Add(x, w)").Output("y").Model()));
}
