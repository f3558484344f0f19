using System.Text;
using Slipway.Core.Specs;

namespace Slipway.Core.Expressions;

/// <summary>
/// Resolves names and kinds, folds constants, and lists every mistake. A null node stands for something already reported,
/// so that one mistake gives one message.
/// </summary>
internal abstract class Binder(string source)
{
    private readonly List<SpecProblem> _problems = [];

    protected abstract Node? BindName(NameSyntax name);

    protected abstract Node? BindCall(CallSyntax call);

    public Node? Bind(Syntax syntax) => syntax switch
    {
        NumberSyntax number => new NumberConstant(number.Value),
        TextSyntax text => new TextConstant(Encoding.UTF8.GetBytes(text.Value)),
        TruthSyntax truth => new TruthConstant(Truth.Of(truth.Value)),
        NameSyntax name => BindName(name),
        UnarySyntax { Operator: UnaryOperator.Negate } unary => Number(unary.Operand, "'-'") is { } operand
            ? Fold(new NumberMap(NumberFunction.Negate, operand), operand)
            : null,
        UnarySyntax unary => Condition(unary.Operand, "'not'") is { } operand ? Fold(new NotNode(operand), operand) : null,
        BinarySyntax { Operator: BinaryOperator.And or BinaryOperator.Or } binary => Connective(binary),
        BinarySyntax { Operator: >= BinaryOperator.Add } binary => Arithmetic(binary),
        BinarySyntax binary => Compare(binary, Bind(binary.Left), Bind(binary.Right)),
        BetweenSyntax between => Between(between, Bind(between.Value), Bind(between.Low), Bind(between.High)),
        InSyntax membership => Membership(membership, Bind(membership.Value)),
        IsMissingSyntax test => Bind(test.Value) is { } value ? IsMissing(value, test.Negated) : null,
        CallSyntax call => BindCall(call),
        _ => throw new InvalidOperationException($"no binding for {syntax.GetType().Name}"),
    };

    /// <exception cref="SpecException">Something was reported.</exception>
    public void ThrowIfBad()
    {
        if (_problems.Count > 0) throw new SpecException(null, [.. _problems.OrderBy(p => p.Column)]);
    }

    public void Report(Syntax at, string message) => _problems.Add(new SpecProblem("", 1, at.Start + 1, message));

    public NumberNode? Number(Syntax syntax, string who) => Require<NumberNode>(syntax, Bind(syntax), ValueKind.Number, who);

    public TextNode? Text(Syntax syntax, string who) => Require<TextNode>(syntax, Bind(syntax), ValueKind.Text, who);

    public TruthNode? Condition(Syntax syntax, string who) => Require<TruthNode>(syntax, Bind(syntax), ValueKind.Truth, who);

    public string Quote(Syntax syntax)
    {
        var text = Written(syntax);
        return text.Length <= 40 ? $"'{text}'" : $"'{text[..39]}…'";
    }

    public string Written(Syntax syntax) => Written(syntax.Start, syntax.End);

    public string Written(int start, int end) => source[start..end];

    /// <summary>Reports a name that nothing has, with the nearest one, or with how to subtract when the name is a difference without spaces.</summary>
    public void ReportUnknown(Syntax at, string name, string what, IReadOnlyCollection<string> known)
    {
        var dash = name.IndexOf('-', StringComparison.Ordinal);
        var hint = dash > 0 && known.Contains(name[..dash]) ? $"; to subtract, put spaces around the minus: {name[..dash]} - {name[(dash + 1)..]}"
            : Suggestion.Nearest(name, known) is { } nearest ? $"; did you mean '{nearest}'?"
            : known.Count == 0 ? "; there are none"
            : "; there are: " + string.Join(", ", known.Take(12)) + (known.Count > 12 ? ", …" : "");
        Report(at, $"no {what} is called '{name}'{hint}");
    }

    /// <summary>The node, or its value when all it depends on is constant.</summary>
    public static Node Fold(Node node, params ReadOnlySpan<Node> operands)
    {
        foreach (var operand in operands)
        {
            if (!operand.IsConstant) return node;
        }
        switch (node)
        {
            case NumberNode number:
                Span<double> value = stackalloc double[1];
                number.Evaluate(default, value);
                return new NumberConstant(value[0]);
            case TruthNode truth:
                Span<byte> known = stackalloc byte[1];
                truth.Evaluate(default, known);
                return new TruthConstant(known[0]);
            default:
                using (var text = ((TextNode)node).Evaluate(default, 1)) return new TextConstant(text.IsMissing(0) ? null : text[0].ToArray());
        }
    }

    public Node? Compare(BinarySyntax syntax, Node? left, Node? right)
    {
        if (left is null || right is null) return null;
        var comparison = (Comparison)(syntax.Operator - BinaryOperator.Equal);
        switch (left, right)
        {
            case (NumberNode x, NumberNode y): return Fold(new NumberComparison(comparison, Beside(y, x), Beside(x, y)), x, y);
            case (TextNode x, TextNode y): return Fold(new TextComparison(comparison, x, y), x, y);
            case (TruthNode x, TruthNode y) when comparison is Comparison.Equal or Comparison.NotEqual:
                var equality = new TruthEquality(x, y);
                return Fold(comparison == Comparison.Equal ? equality : new NotNode(equality), x, y);
            case (TruthNode, TruthNode):
                Report(syntax, $"{Quote(syntax.Left)} and {Quote(syntax.Right)} are true or false, which have no order; compare them with '=' or '<>'");
                return null;
            default:
                ReportMismatch(syntax.Left, left, syntax.Right, right);
                return null;
        }
    }

    public Node? Between(BetweenSyntax syntax, Node? value, Node? low, Node? high)
    {
        if (value is null || low is null || high is null) return null;
        Node? node = (value, low, high) switch
        {
            (NumberNode x, NumberNode from, NumberNode to) => Fold(new NumberBetween(x, Beside(x, from), Beside(x, to)), x, from, to),
            (TextNode x, TextNode from, TextNode to) => Fold(new TextBetween(x, from, to), x, from, to),
            _ => null,
        };
        if (node is TruthNode truth) return Negated(truth, syntax.Negated);
        if (value.Kind == ValueKind.Truth) Report(syntax.Value, $"{Quote(syntax.Value)} is true or false, which has no order; 'between' wants numbers or texts");
        else if (low.Kind != value.Kind) ReportMismatch(syntax.Value, value, syntax.Low, low);
        else ReportMismatch(syntax.Value, value, syntax.High, high);
        return null;
    }

    public Node? Membership(InSyntax syntax, Node? value)
    {
        var items = new List<Node>(syntax.Items.Length);
        var good = value is not null;
        foreach (var item in syntax.Items)
        {
            var bound = Bind(item);
            if (bound is null) good = false;
            else if (!bound.IsConstant)
            {
                Report(item, $"{Quote(item)} is not a constant; 'in' lists constants, so compare with '=' and join with 'or'");
                good = false;
            }
            else if (value is not null && bound.Kind != value.Kind)
            {
                ReportMismatch(syntax.Value, value, item, bound);
                good = false;
            }
            else items.Add(bound);
        }
        if (!good) return null;
        switch (value)
        {
            case NumberNode number:
                double[] numbers = [.. items.Select(i => ((NumberConstant)Beside(number, (NumberConstant)i)).Value)];
                Array.Sort(numbers);
                return Negated((TruthNode)Fold(new NumberMembership(number, numbers), number), syntax.Negated);
            case TextNode text:
                byte[][] texts = [.. items.Select(i => ((TextConstant)i).Value).OfType<byte[]>()];
                Array.Sort(texts, (a, b) => a.AsSpan().SequenceCompareTo(b));
                return Negated((TruthNode)Fold(new TextMembership(text, texts), text), syntax.Negated);
            default:
                Report(syntax.Value, $"{Quote(syntax.Value)} is true or false; write it alone, or with 'not'");
                return null;
        }
    }

    public static TruthNode IsMissing(Node value, bool negated) => Negated((TruthNode)Fold(new IsMissingNode(value), value), negated);

    /// <summary>A constant that is compared with a column, rounded as the column is.</summary>
    private static NumberNode Beside(NumberNode column, NumberNode constant) =>
        column is NumberColumn numbers && constant is NumberConstant { Value: var value } ? new NumberConstant(numbers.Nearest(value)) : constant;

    private static TruthNode Negated(TruthNode node, bool negated) => negated ? (TruthNode)Fold(new NotNode(node), node) : node;

    private Node? Connective(BinarySyntax syntax)
    {
        var who = syntax.Operator == BinaryOperator.And ? "'and'" : "'or'";
        var left = Condition(syntax.Left, who);
        var right = Condition(syntax.Right, who);
        if (left is null || right is null) return null;
        return Fold(syntax.Operator == BinaryOperator.And ? new AndNode(left, right) : new OrNode(left, right), left, right);
    }

    private Node? Arithmetic(BinarySyntax syntax)
    {
        var (operation, sign) = syntax.Operator switch
        {
            BinaryOperator.Add => (NumberOperator.Add, "'+'"),
            BinaryOperator.Subtract => (NumberOperator.Subtract, "'-'"),
            BinaryOperator.Multiply => (NumberOperator.Multiply, "'*'"),
            BinaryOperator.Divide => (NumberOperator.Divide, "'/'"),
            _ => (NumberOperator.Remainder, "'%'"),
        };
        var left = Number(syntax.Left, sign);
        var right = Number(syntax.Right, sign);
        return left is null || right is null ? null : Fold(new NumberPair(operation, left, right), left, right);
    }

    private T? Require<T>(Syntax syntax, Node? node, ValueKind kind, string who) where T : Node
    {
        if (node is null or T) return (T?)node;
        var advice = (kind, node.Kind) switch
        {
            (ValueKind.Truth, ValueKind.Number) => $"; compare it: {Written(syntax)} <> 0",
            (ValueKind.Truth, ValueKind.Text) => "; compare it: … = 'text'",
            (ValueKind.Number, ValueKind.Text) when syntax is TextSyntax => "; numbers are written without quotes",
            (ValueKind.Number, ValueKind.Text) => "; a cast step in prepare makes numbers of text",
            (ValueKind.Number, ValueKind.Truth) => $"; if({(syntax is NameSyntax ? Written(syntax) : "…")}, 1, 0) makes a number of it",
            (ValueKind.Text, ValueKind.Number) when syntax is NumberSyntax => "; text is written in quotes",
            _ => "",
        };
        Report(syntax, $"{who} wants {kind.Description}, and {Quote(syntax)} is {node.Kind.Description}{advice}");
        return null;
    }

    private void ReportMismatch(Syntax leftSyntax, Node left, Syntax rightSyntax, Node right)
    {
        var advice = (left.Kind, right.Kind) switch
        {
            (ValueKind.Number, ValueKind.Text) when rightSyntax is TextSyntax text => $"write the number without quotes: {text.Value}",
            (ValueKind.Text, ValueKind.Number) when leftSyntax is TextSyntax text => $"write the number without quotes: {text.Value}",
            (ValueKind.Text, ValueKind.Number) when rightSyntax is NumberSyntax => $"write '{Written(rightSyntax)}' in quotes, or make the column a number with a cast step",
            (ValueKind.Number, ValueKind.Text) when leftSyntax is NumberSyntax => $"write '{Written(leftSyntax)}' in quotes, or make the column a number with a cast step",
            (ValueKind.Truth, _) when leftSyntax is NameSyntax => $"write {Written(leftSyntax)} alone, or not {Written(leftSyntax)}",
            (_, ValueKind.Truth) when rightSyntax is NameSyntax => $"write {Written(rightSyntax)} alone, or not {Written(rightSyntax)}",
            _ => "a cast step in prepare makes them the same",
        };
        Report(leftSyntax, $"{Quote(leftSyntax)} is {left.Kind.Description} and {Quote(rightSyntax)} is {right.Kind.Description}: they cannot be compared; {advice}");
    }
}
