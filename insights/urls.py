"""Where insights and Learn are found."""

from django.urls import path

from . import learn

urlpatterns = [
    path("learn/", learn.learn, name="learn"),
    path("learn/medical-advice/", learn.advice, name="advice"),
    path("learn/<slug:slug>/", learn.learn_topic, name="learn-topic"),
]
