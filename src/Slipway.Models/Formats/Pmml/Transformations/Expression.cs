using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Transformations;

/// <summary>What the file says a value is made of (PMML 4.4.1, Transformations): read first, bound when it is known which fields there are.</summary>
internal abstract record Expression(Place Place)
{
    /// <exception cref="Core.ModelException">A field or function is unknown, or has the wrong type.</exception>
    public abstract RowExpression Bind(Scope scope);

    /// <returns>Null when the current element is not an expression.</returns>
    public static Expression? TryRead(ElementReader e) => e.Name switch
    {
        "Constant" => Constant.Read(e),
        "FieldRef" => FieldRef.Read(e),
        "Apply" => Apply.Read(e),
        _ => null,
    };

    /// <summary>Reads the one expression among the children of the current element.</summary>
    /// <exception cref="Core.ModelException">There is none.</exception>
    public static Expression ReadOnly(ElementReader e)
    {
        var place = e.Place;
        Expression? found = null;
        var depth = e.Depth;
        while (e.ReadChild(depth)) found = TryRead(e) ?? found;
        return found ?? throw place.Fault("it has no expression");
    }
}
