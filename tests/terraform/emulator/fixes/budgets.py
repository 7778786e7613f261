"""Budgets: changes, subscribers and tags, of which moto has none."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from moto.budgets.responses import BudgetsResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from moto.budgets.models import Budget

# Tags by the budget's ARN, arn:aws:budgets::<account>:budget/<name>.
TAGS: dict[str, dict[str, str]] = defaultdict(dict)


def _budget(self: BudgetsResponse) -> Budget:
    return self.backend.budgets[self._get_param("AccountId")][self._get_param("BudgetName")]


def update_budget(self: BudgetsResponse) -> str:
    """UpdateBudget."""
    wanted = self._get_param("NewBudget")
    self.backend.budgets[self._get_param("AccountId")][wanted["BudgetName"]].budget |= wanted
    return json.dumps({})


def describe_subscribers_for_notification(self: BudgetsResponse) -> str:
    """DescribeSubscribersForNotification."""
    wanted = self._get_param("Notification")
    subscribers = [
        subscriber
        for notification in _budget(self).notifications
        if all(notification.details.get(key) == value for key, value in wanted.items())
        for subscriber in notification.subscribers
    ]
    return json.dumps({"Subscribers": subscribers})


def list_tags_for_resource(self: BudgetsResponse) -> str:
    """ListTagsForResource."""
    tags = TAGS[self._get_param("ResourceARN")]
    return json.dumps({"ResourceTags": [{"Key": key, "Value": value} for key, value in tags.items()]})


def tag_resource(self: BudgetsResponse) -> str:
    """TagResource."""
    TAGS[self._get_param("ResourceARN")] |= {t["Key"]: t["Value"] for t in self._get_param("ResourceTags")}
    return json.dumps({})


def untag_resource(self: BudgetsResponse) -> str:
    """UntagResource."""
    for key in self._get_param("ResourceTagKeys"):
        TAGS[self._get_param("ResourceARN")].pop(key, None)
    return json.dumps({})


def install() -> None:
    """Add the calls, and the tags that a budget is made with."""
    added: list[Callable[[BudgetsResponse], str]] = [
        update_budget,
        describe_subscribers_for_notification,
        list_tags_for_resource,
        tag_resource,
        untag_resource,
    ]
    for call in added:
        setattr(BudgetsResponse, call.__name__, call)
    create, delete = BudgetsResponse.create_budget, BudgetsResponse.delete_budget

    def arn(self: BudgetsResponse, name: str) -> str:
        return f"arn:{self.partition}:budgets::{self._get_param('AccountId')}:budget/{name}"

    def create_budget(self: BudgetsResponse) -> str:
        answer = create(self)
        wanted = self._get_param("ResourceTags", [])
        TAGS[arn(self, self._get_param("Budget")["BudgetName"])] = {t["Key"]: t["Value"] for t in wanted}
        return answer

    def delete_budget(self: BudgetsResponse) -> str:
        answer = delete(self)
        TAGS.pop(arn(self, self._get_param("BudgetName")), None)
        return answer

    BudgetsResponse.create_budget = create_budget
    BudgetsResponse.delete_budget = delete_budget
