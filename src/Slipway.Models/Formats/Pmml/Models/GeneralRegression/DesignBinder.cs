using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Predicates;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Regressions;

namespace Slipway.Models.Formats.Pmml.Models.GeneralRegression;

/// <summary>Makes the terms of the design vector from the predictor-to-parameter matrix; parameters that share a row of it share a term.</summary>
internal sealed class DesignBinder
{
    private readonly GeneralRegressionModel _model;
    private readonly ModelScope _scope;
    private readonly ILookup<(string? Category, string Parameter), PredictorCell> _cells;
    private readonly HashSet<string> _ownCategories;
    private readonly Dictionary<(string? Category, string Parameter), int> _index = [];
    private readonly ImmutableArray<DesignTerm>.Builder _terms = ImmutableArray.CreateBuilder<DesignTerm>();

    public DesignBinder(GeneralRegressionModel model, ModelScope scope)
    {
        (_model, _scope) = (model, scope);
        _cells = model.Predictors.ToLookup(c => (c.TargetCategory, c.Parameter));
        _ownCategories = [.. model.Predictors.Where(c => c.TargetCategory is not null).Select(c => c.TargetCategory!)];
    }

    /// <summary>The terms of all that was bound.</summary>
    public DesignVector Build()
    {
        var terms = _terms.DrainToImmutable();
        return new DesignVector(_scope.Program.Slots(terms.Length), terms);
    }

    /// <param name="category">The target category, which may have a matrix of its own.</param>
    public ImmutableArray<Estimate> Bind(string? category, IEnumerable<ParameterCell> cells)
    {
        var matrix = category is not null && _ownCategories.Contains(category) ? category : null;
        return [.. cells.Select(c => new Estimate(Term(matrix, c.Parameter), c.Beta))];
    }

    private int Term(string? matrix, string parameter)
    {
        var cells = _cells[(matrix, parameter)];
        if (!_index.TryGetValue((matrix, parameter), out var index))
        {
            _index[(matrix, parameter)] = index = _terms.Count;
            _terms.Add(cells.Any() ? Bind(cells) : DesignTerm.Intercept);
        }
        return index;
    }

    private DesignTerm Bind(IEnumerable<PredictorCell> cells)
    {
        var factors = ImmutableArray.CreateBuilder<Contrast>();
        var covariates = ImmutableArray.CreateBuilder<Covariate>();
        foreach (var cell in cells)
        {
            var field = _scope.Fields.Resolve(cell.Predictor, cell.Place);
            if (_model.Factors.TryGetValue(cell.Predictor, out var factor))
            {
                factors.Add(factor.Contrasts is null ? Indicator(cell, field) : FromMatrix(cell, field, factor));
            }
            else if (_model.Covariates.Contains(cell.Predictor))
            {
                covariates.Add(Power(cell, field));
            }
            else
            {
                throw cell.Place.Fault($"predictorName=\"{cell.Predictor}\" is neither in the FactorList nor in the CovariateList");
            }
        }
        return new DesignTerm(factors.DrainToImmutable(), covariates.DrainToImmutable());
    }

    private Contrast Indicator(PredictorCell cell, BoundField field) =>
        new(field.Value, new CellMap([KeyValuePair.Create(PredicateConstant.Parse(cell.Value, field, _scope.Fields, cell.Place), 1.0)]), 0);

    private static Covariate Power(PredictorCell cell, BoundField field)
    {
        if (field.Type == CellType.Text) throw cell.Place.Fault($"the covariate '{field.Name}' is text, a number is needed");
        var exponent = CellFormat.Float64.Parse(cell.Value);
        return Cell.IsInvalid(exponent) ? throw cell.Place.Fault($"value=\"{cell.Value}\" is not an exponent") : new Covariate(field.Value, exponent);
    }

    /// <summary>The cell's value names the column of the matrix by a category.</summary>
    private Contrast FromMatrix(PredictorCell cell, BoundField field, Predictor factor)
    {
        var (matrix, place) = (factor.Contrasts!, factor.Place);
        var categories = factor.Categories.IsEmpty ? field.Categories : [.. factor.Categories.Select(c => PredicateConstant.Parse(c, field, _scope.Fields, place))];
        if (categories.Length != matrix.Rows) throw place.Fault($"{categories.Length} categories, but the contrast matrix has {matrix.Rows} rows");
        var column = categories.IndexOf(PredicateConstant.Parse(cell.Value, field, _scope.Fields, cell.Place));
        if (column < 0 || column >= matrix.Columns) throw cell.Place.Fault($"value=\"{cell.Value}\" is not one of the {matrix.Columns} columns of the contrast matrix");
        return new Contrast(field.Value, new CellMap([.. categories.Select((c, row) => KeyValuePair.Create(c, matrix[row, column]))]), Cell.Missing);
    }
}
