"""Cases of metrics of outputs that are values: the definition, over all rows at once."""
import torch

from draw import Draw
from metric_case import case

EXACT = 2e-8  # the inputs are written with 9 digits


def mean(values, weights):
    """Over rows, of the mean over columns."""
    return (values.mean(1) * weights).sum() / weights.sum()


def r2_of_columns(outputs, targets, weights):
    weights = weights[:, None]
    centre = (targets * weights).sum(0) / weights.sum()
    total = (weights * (targets - centre) ** 2).sum(0)
    return 1 - (weights * (targets - outputs) ** 2).sum(0) / total, total


def cases():
    for columns, weighted in ((1, False), (3, False), (3, True)):
        name = f"{columns}{'_weighted' if weighted else ''}"
        draw = Draw(f"values_{name}")
        scale, centre = torch.tensor([1.0, 5.0, 0.25])[:columns], torch.tensor([0.5, 40.0, -3.0])[:columns]
        targets = (draw.normal(61, columns) * scale + centre).float().double()
        outputs = (targets + 0.4 * scale * draw.normal(61, columns)).float().double()
        weights = draw.uniform(61) if weighted else torch.ones(61)
        given = weights if weighted else None

        squares = (outputs - targets) ** 2
        yield f"rmse_{name}", case("rmse", outputs, targets, mean(squares, weights).sqrt(), given, 1e-7)
        scores, total = r2_of_columns(outputs, targets, weights)
        yield f"r2_{name}", case("r2_score", outputs, targets, scores.mean(), given, EXACT)
        yield f"r2_variance_{name}", case(
            {"type": "r2_score", "class_aggregation": "variance_weighted_average"}, outputs, targets,
            (scores * total).sum() / total.sum(), given, EXACT)
        cosine = torch.nn.functional.cosine_similarity(outputs, targets, dim=1)
        yield f"cosine_{name}", case("cosine_similarity", outputs, targets, mean(cosine[:, None], weights), given,
                                     EXACT)
